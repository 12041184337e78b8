// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.Locale;

/** How a recipient takes a response. */
public enum Reaction {
    /** It hands on the body that the app meant. */
    ACCEPTS,
    /** It answers in its place, cuts it, or reports an error: whoever asked can tell. */
    REJECTS,
    /** It hands something else on as the whole response, and nobody can tell: framing as body, another length, no HTTP. */
    FOOLED,
    /** It waits for more until whoever asked gives up. */
    HANGS;

    /** The word for it in text and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
