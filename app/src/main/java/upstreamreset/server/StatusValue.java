// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.function.Supplier;

/** One line of what {@code /} says about this app; asked anew for each request, on an IO thread, so it must not block. */
public record StatusValue(String name, Supplier<String> value) {
    /** A value that never changes. */
    public static StatusValue fixed(String name, String value) {
        return new StatusValue(name, () -> value);
    }
}
