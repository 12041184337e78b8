// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import upstreamreset.output.Junit;
import upstreamreset.wire.Printable;

/** A probe's results as JUnit XML, with a test case for each URL. */
public final class ProbeJunit {
    private ProbeJunit() {}

    public static String of(List<ProbeResult> results) {
        return Junit.of(
                "upstream-reset probe",
                results.stream().map(ProbeJunit::testcase).toList());
    }

    private static Junit.Case testcase(ProbeResult result) {
        var text = new StringWriter();
        new ProbeText(new PrintWriter(text, true)).print(result);
        return new Junit.Case(
                "probe",
                Printable.of(result.target().text()),
                result.took(),
                result.healthy(),
                ProbeSummary.words(result),
                text.toString());
    }
}
