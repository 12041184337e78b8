// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.Locale;

/** How a result is printed. */
enum OutputFormat {
    TEXT,
    JSON;

    /** As a user writes it: picocli's messages say this. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
