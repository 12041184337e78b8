// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints JSON objects, one a line. */
public final class JsonLines {
    private final PrintWriter out;

    /** To {@code out}, which the caller flushes and closes. */
    public JsonLines(PrintWriter out) {
        this.out = out;
    }

    /** One object, of which {@code fields} writes the fields. */
    public void print(Consumer<Json> fields) {
        out.write(Json.object(fields) + "\n");
    }
}
