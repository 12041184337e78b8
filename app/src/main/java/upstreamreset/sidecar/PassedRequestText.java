// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.verdict.FindingLines;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.WireListing;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A request as text: its access-log line and, if something is wrong, Envoy's reaction, the rules and the bytes. */
public record PassedRequestText(PrintWriter out) {
    public void print(PassedRequest request) {
        out.println(line(request));
        if (request.wrong()) {
            explanation(request).forEach(line -> out.println("  " + line));
        }
        out.flush();
    }

    /** The line of the access log. */
    static String line(PassedRequest request) {
        return Printable.line(Secrets.queries(request.log().line()));
    }

    /** Envoy's reaction, the rules and the bytes. */
    static List<String> explanation(PassedRequest request) {
        var lines = new ArrayList<String>();
        var verdict = request.verdict();
        lines.add(words(request));
        if (verdict.outcome() != Outcome.PASSES && !request.refused()) {
            for (var flag : request.log().entry().flags()) {
                ResponseFlag.of(flag).ifPresent(each -> lines.add(Printable.of(flag) + ": " + each.sentence()));
            }
        }
        if (!verdict.message().isEmpty()) {
            lines.add("Envoy's codec said: " + Printable.of(verdict.message()));
        }
        request.judged().ifPresent(judged -> {
            lines.addAll(FindingLines.of(judged));
            lines.addAll(WireListing.of(request.sent().toArray(), judged.findings()));
        });
        request.lines()
                .forEach(line -> lines.add("  " + Printable.of(line.name()) + ": "
                        + Printable.of(Secrets.value(line.name(), line.value()))));
        return lines;
    }

    /** Envoy's reaction to the response, in a few words. */
    static String words(PassedRequest request) {
        var verdict = request.verdict();
        if (request.refused()) {
            return "nothing listens at the app's address any more; without the recording proxy between them, Envoy"
                    + " would log UF, not " + verdict.flags();
        }
        return switch (verdict.outcome()) {
            case PASSES, UNKNOWN -> "Envoy passed the response on, though it breaks a rule";
            case RESETS_BEFORE ->
                "Envoy answered %d in place of the app%s"
                        .formatted(verdict.status(), request.judged().isEmpty() ? ", which sent nothing" : "");
            case REFUSED -> "Envoy answered %d and did not ask the app".formatted(verdict.status());
            case RESETS_AFTER -> "Envoy cut the response off";
            case HANGS ->
                request.sent().length() == 0 && request.lines().isEmpty()
                        ? "no response came in time"
                                + (verdict.status() == 0 ? "" : ", and Envoy answered " + verdict.status())
                        : "the response did not end in time";
            case DAMAGED -> "Envoy passed on something other than the app sent";
        };
    }
}
