// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.AccessLogParser;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ParsedLine;
import upstreamreset.scenario.Expectation;
import upstreamreset.wire.Bytes;

/**
 * What became of one scenario.
 *
 * @param sidecar the line of the sidecar next to the app
 * @param client the line of the client's sidecar, where there is one
 * @param bytes of body that the sidecar next to the app sent on
 * @param codec the codec's last reason; empty for none
 * @param calls how often the app was called
 * @param got the response as the client got it
 */
public record Observed(
        Expectation.Line sidecar, Optional<Expectation.Line> client, long bytes, String codec, int calls, Bytes got) {
    static Observed of(List<String> lines, String codec, int calls, Bytes got) throws IOException {
        var sidecar = parse(lines.stream()
                .filter(line -> !isClient(line))
                .reduce((_, last) -> last)
                .orElseThrow());
        var client = lines.stream().filter(Observed::isClient).findFirst();
        return new Observed(
                line(sidecar),
                client.isPresent() ? Optional.of(line(parse(client.get()))) : Optional.empty(),
                sidecar.number(LogField.BYTES_SENT).orElse(-1),
                codec,
                calls,
                got);
    }

    /** Whether a line is of a client's sidecar. */
    static boolean isClient(String line) {
        return line.contains(" outbound|8080||");
    }

    private static AccessLogEntry parse(String line) throws IOException {
        return switch (AccessLogParser.istio().parse(line)) {
            case AccessLogEntry entry -> entry;
            case ParsedLine.Misfit misfit ->
                throw new IOException("the access log cannot be read, " + misfit.why() + ": " + line);
        };
    }

    private static Expectation.Line line(AccessLogEntry entry) {
        return new Expectation.Line(
                Math.toIntExact(entry.number(LogField.RESPONSE_CODE).orElse(0)),
                entry.text(LogField.RESPONSE_FLAGS).orElse("-"),
                entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-"));
    }

    /** Where it differs from {@code expected}, one sentence each; empty when nowhere. */
    public List<String> differences(Expectation expected) {
        var differences = new ArrayList<String>();
        compare(differences, "status", expected.status(), sidecar.status());
        compare(differences, "flags", expected.flags(), sidecar.flags());
        if (!expected.matchesDetails(sidecar.details())) {
            compare(differences, "details", expected.details(), sidecar.details());
        }
        if (!codec.endsWith(expected.codecMessage().orElse(""))
                || expected.codecMessage().isEmpty() != codec.isEmpty()) {
            compare(differences, "codec message", expected.codecMessage().orElse(""), codec);
        }
        expected.bytes().ifPresent(wanted -> compare(differences, "bytes", wanted, bytes));
        expected.gets().ifPresent(wanted -> {
            if (!got.latin1().contains(wanted.latin1())) {
                differences.add("the client should get " + wanted + ", got " + got);
            }
        });
        compare(differences, "calls", expected.attempts(), calls);
        expected.atClient()
                .ifPresent(wanted -> compare(differences, "line of the client's sidecar", Optional.of(wanted), client));
        return differences;
    }

    private static <T> void compare(List<String> differences, String what, T expected, T actual) {
        if (!expected.equals(actual)) {
            differences.add(what + " is " + actual + ", expected " + expected);
        }
    }
}
