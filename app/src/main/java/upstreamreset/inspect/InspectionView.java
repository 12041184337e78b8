// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.PrintWriter;
import java.util.function.LongUnaryOperator;

/** Prints the result of an inspection, response by response as they are judged. */
public sealed interface InspectionView permits InspectionText, InspectionJson {
    /**
     * {@code first} says that none of the same kind was printed before; {@code frame} tells the frame of an offset in
     * what the server sent, 0 if unknown.
     */
    void print(InspectedResponse response, boolean first, LongUnaryOperator frame);

    /** Nothing more comes of this capture; {@code same} knows which kinds came again. */
    void end(InspectionTotals totals, SameFindings same);

    /** For people, to whom of each kind the first says enough, with a count. */
    static InspectionView text(PrintWriter out) {
        return new InspectionText(out);
    }

    /** For programs; {@code file} is what the capture is called. */
    static InspectionView json(PrintWriter out, String file) {
        return new InspectionJson(out, file);
    }
}
