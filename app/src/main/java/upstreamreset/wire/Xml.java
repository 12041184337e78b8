// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

/** Text inside XML. */
public final class Xml {
    private Xml() {}

    /** Fit for an attribute in double quotes and for content; {@code text} has no control characters left. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
