// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an entry of an AWS Application Load Balancer's access log, as far as its two statuses tell who failed. */
final class AlbLine {
    private static final Pattern LINE = Pattern.compile("\\W{0,3}(?:https?|h2|grpcs|wss?) 20\\d\\d-\\S+ \\S+ \\S+ \\S+"
            + " -?[0-9.]+ -?[0-9.]+ -?[0-9.]+ (\\d{3}) (\\d{3}|-) \\d+ \\d+ \\\\?\"");

    private static final String SPEAKER = "AWS load balancer";

    /** Its statuses where there is none of a target's: the balancer made its own. */
    private static final Map<String, Meaning> OWN = Meaning.table("""
            502: app-closed keep-alive-race invalid-response-head; the balancer made this 502: the target refused, closed or reset the connection, its TLS handshake failed, or its response breaks HTTP
            503: no-healthy-upstream; the balancer made this 503: its target group has no target in use
            504: upstream-timeout connect-timeout; the balancer made this 504: the target took no connection, or did not answer in time
            460: client-left; the client left before the balancer's idle timeout
            408: slow-client-request; the client sent no data in time
            400: invalid-client-request; the client's request breaks HTTP
            """);

    private AlbLine() {}

    /** The ids of all causes that its table names. */
    static List<String> causes() {
        return Meaning.causes(OWN.values());
    }

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

    private static Scrap own(String line, int status) {
        @Nullable Meaning meaning = OWN.get(Integer.toString(status));
        return meaning == null
                ? Scrap.naming(
                        line,
                        SPEAKER,
                        "the balancer made this " + status + " itself; no target was asked",
                        List.of("filter-answered"))
                : Scrap.naming(line, SPEAKER, meaning.says(), meaning.causes());
    }
}
