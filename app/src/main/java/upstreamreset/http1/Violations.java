// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Collects the first {@link #MAX_VIOLATIONS} violations, so that hostile bytes cannot make the list long. */
final class Violations {
    private static final int MAX_VIOLATIONS = 100;

    private final List<Violation> found = new ArrayList<>();

    /** Adds {@code length} bytes of {@code source} from {@code from}, at {@code offset} in the stream, that violate a rule. */
    void add(Rule rule, long offset, byte[] source, int from, int length) {
        add(rule, offset, length, Bytes.of(source, from, Math.min(length, Printable.MAX_LENGTH + 1)));
    }

    /** Adds a run of {@code length} bytes of which only the beginning is known. */
    void add(Rule rule, long offset, int length, Bytes beginning) {
        if (found.size() < MAX_VIOLATIONS) {
            var excerpt = Printable.of(Secrets.bytes(beginning.toArray()));
            boolean more = beginning.length() < length && !excerpt.endsWith("…");
            found.add(new Violation(rule, offset, length, more ? excerpt + "…" : excerpt));
        }
    }

    /** Adds an offset: the bytes that should be there did not come. */
    void add(Rule rule, long offset) {
        add(rule, offset, 0, Bytes.EMPTY);
    }

    /** Adds a whole field line, shown without its line end. */
    void add(Rule rule, FieldLine line) {
        var text = Bytes.latin1(line.shown());
        if (found.size() < MAX_VIOLATIONS) {
            found.add(new Violation(rule, line.offset(), line.length(), text.toString()));
        }
    }

    /** Whether one of them is more than a warning. */
    boolean hasError() {
        for (var each : found) {
            if (each.severity() == Severity.ERROR) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return found.size();
    }

    List<Violation> list() {
        return List.copyOf(found);
    }
}
