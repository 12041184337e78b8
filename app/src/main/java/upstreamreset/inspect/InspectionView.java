// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.PrintWriter;
import java.util.function.LongUnaryOperator;

/** How the result of an inspection is printed, response by response as they are judged. */
public sealed interface InspectionView permits InspectionText, InspectionJson {
    /** {@code frame} tells the frame of an offset in what the server sent, 0 if nobody knows. */
    void print(InspectedResponse response, LongUnaryOperator frame);

    /** Nothing more comes of this capture. */
    void end(InspectionTotals totals);

    /** For people; {@code grouped} says that responses with the same findings are shown once, with a count. */
    static InspectionView text(PrintWriter out, boolean grouped) {
        return new InspectionText(out, grouped);
    }

    /** For programs; {@code file} is what the capture is called. */
    static InspectionView json(PrintWriter out, String file) {
        return new InspectionJson(out, file);
    }
}
