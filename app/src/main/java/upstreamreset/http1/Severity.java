// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Locale;

/** What a violation means for those who read the message. */
public enum Severity {
    /** A careful recipient must refuse it, or cannot know where the message ends. */
    ERROR,
    /** Wrong, and yet recipients get by; a stricter one may refuse it. */
    WARNING,
    /** Not wrong, but seldom meant. */
    NOTE;

    /** The word for it in text and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
