// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;

/** Finds contradictions within one line, which no Envoy can have written. */
final class Contradictions {
    /** Each is set for the reason that the exchange with the upstream broke. */
    private static final Set<ResponseFlag> OF_RESETS = EnumSet.of(
            ResponseFlag.UPE,
            ResponseFlag.UC,
            ResponseFlag.UF,
            ResponseFlag.UR,
            ResponseFlag.UO,
            ResponseFlag.LR,
            ResponseFlag.OM);

    /** Without a connection, an endpoint or a route there is no upstream whose response could be passed on. */
    private static final List<ResponseFlag> WITHOUT_UPSTREAM =
            List.of(ResponseFlag.UF, ResponseFlag.UH, ResponseFlag.NR, ResponseFlag.NC);

    private final LoggedExchange exchange;
    private final List<String> found = new ArrayList<>();

    private Contradictions(LoggedExchange exchange) {
        this.exchange = exchange;
    }

    /** One sentence each, without a full stop. */
    static List<String> of(LoggedExchange exchange) {
        return new Contradictions(exchange).all();
    }

    private List<String> all() {
        reason();
        upstream();
        times();
        noResponse();
        status();
        return found;
    }

    private void reason() {
        var reason = exchange.details().flatMap(ResponseCodeDetails::reason);
        var own = exchange.flags().stream().filter(OF_RESETS::contains).toList();
        if (reason.isPresent()
                && !own.isEmpty()
                && OF_RESETS.stream().anyMatch(flag -> isOf(flag, reason.get()))
                && own.stream().noneMatch(flag -> isOf(flag, reason.get()))) {
            found.add("the flag %s is not set for \"%s\", which the details say"
                    .formatted(own.getFirst(), reason.get().text()));
        }
    }

    private void upstream() {
        boolean viaUpstream =
                exchange.details().filter(ResponseCodeDetails::viaUpstream).isPresent();
        var unreached = WITHOUT_UPSTREAM.stream().filter(exchange::has).findFirst();
        unreached
                .filter(_ -> viaUpstream)
                .ifPresent(flag -> found.add(
                        "the flag %s says that no upstream was reached, and the details that it sent the response"
                                .formatted(flag)));
        if (viaUpstream) {
            ReplyLength.reason(exchange.entry())
                    .ifPresent(reason ->
                            found.add(("the flag and the %d bytes are those of the proxy's own reply (\"%s\"), and the"
                                            + " details say that the upstream sent the response")
                                    .formatted(
                                            exchange.entry()
                                                    .number(LogField.BYTES_SENT)
                                                    .orElse(0),
                                            reason.text())));
        }
        boolean own = unreached.isPresent()
                || exchange.details()
                        .filter(ResponseCodeDetails::resetBeforeResponse)
                        .isPresent();
        if (own && exchange.entry().text(LogField.UPSTREAM_SERVICE_TIME).isPresent()) {
            found.add("the proxy made the response itself, and yet the upstream's time to send it is given");
        }
    }

    private static boolean isOf(ResponseFlag flag, ResetReason reason) {
        return ResetReason.of(flag).anyMatch(reason::equals);
    }

    private void times() {
        long took = exchange.entry().number(LogField.DURATION).orElse(-1);
        long service = exchange.entry().number(LogField.UPSTREAM_SERVICE_TIME).orElse(-1);
        if (took >= 0 && service > took + 1) {
            found.add("the upstream cannot have taken %d ms of a request that took %d ms".formatted(service, took));
        }
        if (exchange.details()
                        .flatMap(ResponseCodeDetails::reason)
                        .equals(Optional.of(new ResetReason("connection timeout")))
                && FailedConnection.tooShortForTimeout(exchange.entry())) {
            found.add(("no connect timeout is as short as %d ms, unless this request joined a connection that"
                            + " another request had begun")
                    .formatted(took));
        }
    }

    private void noResponse() {
        long sent = exchange.entry().number(LogField.BYTES_SENT).orElse(0);
        if (exchange.hadNoResponse() && !exchange.isTcp() && sent > 0) {
            found.add("%d bytes of a body cannot have been sent without a status".formatted(sent));
        }
    }

    private void status() {
        int status = exchange.status();
        var entry = exchange.entry();
        boolean local = exchange.details()
                .filter(ResponseCodeDetails::resetBeforeResponse)
                .isPresent();
        if (status >= 200 && status < 300 && local && !exchange.isTcp()) {
            var method = entry.text(LogField.METHOD).orElse("POST");
            if (!method.equals("POST") && entry.number(LogField.BYTES_SENT).orElse(0) == 0) {
                found.add(("the response had not begun, but its status is %d: Envoy logs that only for a gRPC call,"
                                + " which is a POST")
                        .formatted(status));
            }
        }
        if (status >= 300 && status < 500 && local) {
            found.add(
                    "Envoy's own reply to a broken exchange is 503 or 502, not %d, unless local_reply_config changes it"
                            .formatted(status));
        }
    }
}
