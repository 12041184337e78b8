// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

/**
 * Where the Pod is whose log it is, as far as the user said so: what the printed commands take where a line does not say it.
 *
 * @param namespace empty if unknown
 * @param pod empty if unknown
 */
public record Place(String namespace, String pod) {
    public static final Place UNKNOWN = new Place("", "");
}
