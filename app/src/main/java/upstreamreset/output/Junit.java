// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.time.Duration;
import java.util.List;
import upstreamreset.wire.Escape;

/** JUnit XML, as CI systems read it. */
public final class Junit {
    private Junit() {}

    /**
     * A test case.
     *
     * @param message one sentence, and {@code text} all of it; of one that passed, what it printed
     */
    public record Case(String group, String name, Duration took, boolean passed, String message, String text) {}

    /** A test suite of these cases. */
    public static String of(String name, List<Case> cases) {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" time=\"%s\">\n"
                .formatted(
                        Escape.markup(name),
                        cases.size(),
                        cases.stream().filter(each -> !each.passed).count(),
                        seconds(cases.stream().map(Case::took).reduce(Duration.ZERO, Duration::plus))));
        for (var each : cases) {
            xml.append("  <testcase classname=\"%s\" name=\"%s\" time=\"%s\">\n"
                    .formatted(Escape.markup(each.group), Escape.markup(each.name), seconds(each.took)));
            if (each.passed) {
                element(xml, "system-out", "", each.text);
            } else {
                element(xml, "failure", each.message, each.text);
            }
            xml.append("  </testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static void element(StringBuilder xml, String name, String message, String text) {
        xml.append("    <")
                .append(name)
                .append(message.isEmpty() ? "" : " message=\"" + Escape.markup(message) + "\"")
                .append('>')
                .append(Escape.markup(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private static String seconds(Duration time) {
        return "%d.%03d".formatted(time.toSeconds(), time.toMillisPart());
    }
}
