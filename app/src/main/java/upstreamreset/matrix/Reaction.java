// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.Locale;

/** An implementation's reaction to a response. */
public enum Reaction {
    /** It delivers the body that the app meant. */
    ACCEPTS,
    /** It answers in its place, cuts it, or reports an error: the client can tell. */
    REJECTS,
    /** It delivers something else as a whole response, and the client cannot tell: framing as body, another length, no HTTP. */
    MISREADS,
    /** It waits for more until the client gives up. */
    HANGS;

    /** The word for it in text and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
