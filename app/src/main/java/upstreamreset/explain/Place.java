// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

/**
 * The location of the log's Pod as given by the user, for printed commands whose log line does not contain it.
 *
 * @param namespace empty if unknown
 * @param pod empty if unknown
 */
public record Place(String namespace, String pod) {
    public static final Place UNKNOWN = new Place("", "");
}
