// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.function.Supplier;

/** One member of the JSON that {@code /} answers. It is asked for each request on an IO thread, so it must not block. */
record StatusValue(String name, Supplier<String> value) {
    /** A value that never changes. */
    static StatusValue fixed(String name, String value) {
        return new StatusValue(name, () -> value);
    }
}
