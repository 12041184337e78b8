// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import upstreamreset.output.Junit;
import upstreamreset.wire.Printable;

/** What a probe found as JUnit XML, a test case for each URL, so that CI shows it as it shows tests. */
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
