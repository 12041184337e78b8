// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Locale;

/** How much of a message came. */
public enum Completeness {
    /** To its end. */
    COMPLETE,
    /** No byte came. */
    NOTHING,
    /** Into the head: its empty line is missing. */
    IN_HEAD,
    IN_BODY,
    IN_TRAILERS,
    /** Unknown: a violation hides where the message ends. */
    UNREADABLE;

    /** The word for it in text and JSON: {@code in-body}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
