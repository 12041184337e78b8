// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

/** What a parser made of a line: an entry, or the reason why it is none. */
public sealed interface ParsedLine permits AccessLogEntry, ParsedLine.Misfit {
    /** A line that does not fit the format; {@code why} is one sentence that names the first field that is missing. */
    record Misfit(String why) implements ParsedLine {}
}
