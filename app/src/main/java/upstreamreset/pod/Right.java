// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

/**
 * What RBAC must allow: a verb on a resource.
 *
 * @param group of the API; empty for the core
 * @param subresource empty for none
 */
public record Right(String verb, String group, String resource, String subresource) {
    /** Of the core: {@code create}, {@code pods/exec}. */
    public static Right core(String verb, String resource) {
        return of(verb, "", resource);
    }

    /** Of an API group, with a subresource behind a slash. */
    public static Right of(String verb, String group, String resource) {
        int slash = resource.indexOf('/');
        return slash < 0
                ? new Right(verb, group, resource, "")
                : new Right(verb, group, resource.substring(0, slash), resource.substring(slash + 1));
    }

    /** As a sentence names it: {@code get deployments.apps}, {@code create pods/exec}. */
    public String text() {
        return verb + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource)
                + (group.isEmpty() ? "" : "." + group);
    }
}
