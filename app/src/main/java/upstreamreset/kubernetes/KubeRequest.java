// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

/**
 * One request to the API server, with its names in RBAC.
 *
 * @param verb as in a Role
 * @param object resource and name, as kubectl writes them
 * @param body JSON, empty for none
 */
public record KubeRequest(String verb, String object, String method, String path, String contentType, String body) {
    /** Whether an object that is there already makes it fail. */
    boolean creates() {
        return "create".equals(verb);
    }

    public static KubeRequest get(String object, String path) {
        return new KubeRequest("get", object, "GET", path, "", "");
    }

    public static KubeRequest list(String resource, String path) {
        return new KubeRequest("list", resource, "GET", path, "", "");
    }

    public static KubeRequest put(String verb, String object, String path, String body) {
        return new KubeRequest(verb, object, "PUT", path, "application/json", body);
    }

    public static KubeRequest patch(String object, String path, String body) {
        return new KubeRequest("patch", object, "PATCH", path, "application/merge-patch+json", body);
    }

    public static KubeRequest post(String object, String path, String body) {
        return new KubeRequest("create", object, "POST", path, "application/json", body);
    }
}
