// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

/** A parser's result for a line: an entry, or the reason why there is none. */
public sealed interface ParsedLine permits AccessLogEntry, ParsedLine.Misfit {
    /** A line that does not fit the format; {@code why} is one sentence that names the first field that is missing. */
    record Misfit(String why) implements ParsedLine {}
}
