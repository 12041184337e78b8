// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;

/** What a probe found as JUnit XML, a test case for each URL, so that CI shows it as it shows tests. */
public final class ProbeJunit {
    private ProbeJunit() {}

    public static String of(List<ProbeResult> results) {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        long failures = results.stream().filter(result -> !result.healthy()).count();
        xml.append("<testsuite name=\"upstream-reset probe\" tests=\"%d\" failures=\"%d\">\n"
                .formatted(results.size(), failures));
        for (var result : results) {
            var name = Escape.markup(Printable.of(result.target().text()));
            if (result.healthy()) {
                xml.append("  <testcase classname=\"probe\" name=\"%s\"/>\n".formatted(name));
                continue;
            }
            var text = new StringWriter();
            new ProbeText(new PrintWriter(text, true)).print(result);
            xml.append("  <testcase classname=\"probe\" name=\"%s\">\n".formatted(name))
                    .append("    <failure message=\"%s\">%s</failure>\n"
                            .formatted(Escape.markup(message(result)), Escape.markup(text.toString())))
                    .append("  </testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static String message(ProbeResult result) {
        return Printable.of(
                switch (result) {
                    case ProbeResult.Unreachable unreachable -> unreachable.reason();
                    case ProbeResult.Answered answered -> ProbeText.summary(answered);
                });
    }
}
