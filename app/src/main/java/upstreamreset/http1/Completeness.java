// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Locale;

/** Where a message stood when its bytes were over. */
public enum Completeness {
    /** It came whole. */
    COMPLETE,
    /** Not one byte came. */
    NOTHING,
    /** Before the empty line that ends the head. */
    IN_HEAD,
    IN_BODY,
    IN_TRAILERS,
    /** A violation hides where it ends. */
    UNREADABLE;

    /** The word for it in text and JSON: {@code in-body}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
