// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import upstreamreset.output.Junit;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** The requests of {@code --ask} as JUnit XML, with a test case for each. */
public final class SidecarJunit {
    private SidecarJunit() {}

    public static String of(List<AskedRequest> requests) {
        return Junit.of(
                "upstream-reset sidecar",
                requests.stream().map(SidecarJunit::testcase).toList());
    }

    private static Junit.Case testcase(AskedRequest request) {
        var text = new StringWriter();
        var out = new PassedRequestText(new PrintWriter(text, true));
        request.passed().forEach(out::print);
        var message = request.problem().isEmpty()
                ? request.passed().stream()
                        .filter(PassedRequest::wrong)
                        .map(PassedRequestText::words)
                        .findFirst()
                        .orElse("")
                : request.problem();
        return new Junit.Case(
                "sidecar",
                Printable.of(Secrets.queries(request.target())),
                request.took(),
                !request.wrong(),
                message,
                text.toString());
    }
}
