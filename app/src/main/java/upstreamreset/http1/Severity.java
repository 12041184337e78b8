// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Locale;

/** The effect of a violation on the message's recipients. */
public enum Severity {
    /** A strict recipient must refuse the message, or cannot find its end. */
    ERROR,
    /** Invalid, but most recipients accept it; a strict one may refuse it. */
    WARNING;

    /** The word for it in text and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
