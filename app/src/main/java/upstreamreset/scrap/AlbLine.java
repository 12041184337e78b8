// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an entry of an AWS Application Load Balancer's access log, as far as its two statuses tell who failed. */
final class AlbLine {
    private static final Pattern LINE = Pattern.compile("\\W{0,3}(?:https?|h2|grpcs|wss?) 20\\d\\d-\\S+ \\S+ \\S+ \\S+"
            + " -?[0-9.]+ -?[0-9.]+ -?[0-9.]+ (\\d{3}) (\\d{3}|-) \\d+ \\d+ \\\\?\"");

    private static final String SPEAKER = "AWS load balancer";

    private AlbLine() {}

    static Optional<Scrap> find(String line) {
        var entry = LINE.matcher(line);
        if (!entry.lookingAt()) {
            return Optional.empty();
        }
        int status = Integer.parseInt(entry.group(1));
        boolean answered = !entry.group(2).equals("-");
        if (status < 400) {
            var says = answered ? "the request came through" : "the balancer answered it itself";
            return Optional.of(Scrap.harmless(line.strip(), SPEAKER, says));
        }
        return Optional.of(answered ? passedOn(line.strip(), status) : own(line.strip(), status));
    }

    private static Scrap passedOn(String line, int status) {
        return status < 500
                ? Scrap.harmless(line, SPEAKER, "the target answered " + status)
                : Scrap.naming(
                        line,
                        SPEAKER,
                        "the target, which may be a proxy, answered " + status + "; the balancer passed it on",
                        List.of("next-hop"));
    }

    /** No target's status: the balancer made its own. */
    private static Scrap own(String line, int status) {
        return switch (status) {
            case 502 ->
                Scrap.naming(
                        line,
                        SPEAKER,
                        "the balancer made this 502: the target refused, closed or reset the connection, its TLS handshake"
                                + " failed, or its response breaks HTTP",
                        List.of("app-closed", "keep-alive-race", "invalid-response-head"));
            case 503 ->
                Scrap.naming(
                        line,
                        SPEAKER,
                        "the balancer made this 503: its target group has no target in use",
                        List.of("no-healthy-upstream"));
            case 504 ->
                Scrap.naming(
                        line,
                        SPEAKER,
                        "the balancer made this 504: the target took no connection, or did not answer in time",
                        List.of("upstream-timeout", "connect-timeout"));
            case 460 ->
                Scrap.naming(
                        line, SPEAKER, "the client left before the balancer's idle timeout", List.of("client-left"));
            case 408 -> Scrap.naming(line, SPEAKER, "the client sent no data in time", List.of("slow-client-request"));
            case 400 ->
                Scrap.naming(line, SPEAKER, "the client's request breaks HTTP", List.of("invalid-client-request"));
            default ->
                Scrap.naming(
                        line,
                        SPEAKER,
                        "the balancer made this " + status + " itself; no target was asked",
                        List.of("filter-answered"));
        };
    }
}
