// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange.Reach;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.verdict.ObservedVerdict;
import upstreamreset.verdict.Outcome;

/** Joins the lines of one request over the hops and says who made the error, how often the app ran, and why. */
public final class Explainer {
    private final IstioVersion version;

    public Explainer(IstioVersion version) {
        this.version = version;
    }

    /** Explains one request by its lines, of which there is at least one, and by what the codec said of its response, if it did. */
    public Explanation explain(List<Hop> lines, String codec) {
        var hops = lines.stream().sorted(Comparator.comparing(Hop::side)).toList();
        var culprit = culprit(hops);
        var exchange = culprit.exchange();
        var envoy = ObservedVerdict.of(exchange, codec);
        return new Explanation(
                hops,
                culprit,
                envoy,
                sentence(hops, culprit, envoy.outcome()),
                appRan(hops),
                notes(hops, culprit),
                Causes.of(culprit, version, !codec.isEmpty()),
                codec.isEmpty() ? Optional.empty() : Optional.of(CodecRefusal.of(codec, exchange.status())));
    }

    /** The hop nearest to the app that made the error; else the one that passed it on from furthest away. */
    private static Hop culprit(List<Hop> hops) {
        return last(hops, hop -> hop.exchange().madeHere())
                .or(() -> last(hops, hop -> hop.exchange().failed()))
                .orElse(hops.getLast());
    }

    private static Optional<Hop> last(List<Hop> hops, Predicate<Hop> wanted) {
        return hops.reversed().stream().filter(wanted).findFirst();
    }

    private static String sentence(List<Hop> hops, Hop culprit, Outcome outcome) {
        var exchange = culprit.exchange();
        int status = exchange.status();
        if (exchange.isTcp()) {
            return exchange.failed()
                    ? culprit.text() + " failed a TCP connection; it saw no HTTP request"
                    : "nothing failed: a TCP connection, without HTTP";
        }
        if (exchange.tunnelEnded()) {
            return "nothing failed: a tunnel (%d) that %s closed"
                    .formatted(status, exchange.has(ResponseFlag.UC) ? "its upstream" : "the client");
        }
        if (!exchange.failed()) {
            return "nothing failed: the %s answered %d"
                    .formatted(exchange.byTheRoute() ? "route itself" : "upstream", status);
        }
        var client = hops.getFirst().exchange();
        var mended = client.failed() ? "" : ", but a retry mended it and the client got " + client.status();
        if (!exchange.madeHere()) {
            return "%s forwarded a %d that %s%s"
                    .formatted(
                            culprit.text(),
                            status,
                            culprit.side() == Side.SERVER ? "the app itself sent" : "came from upstream",
                            mended);
        }
        // A gRPC client gets Envoy's own reply as a 200.
        boolean replied = status >= 400 || outcome == Outcome.REFUSED || outcome == Outcome.RESETS_BEFORE;
        var named = exchange.saysStatus() ? status + " " : "";
        var did = exchange.hadNoResponse()
                ? "%s saw the client leave before there was a response"
                : !replied && exchange.saysStatus()
                        ? "%s cut a " + named + "response off"
                        : "%s made this " + (named.isEmpty() ? "response" : status) + " itself"
                                + switch (exchange.reach()) {
                                    case ASKED -> ", because of what its upstream did";
                                    case NOT_ASKED -> "; its upstream never got the request";
                                    case UNSAID -> "; its line does not say whether the upstream got the request";
                                };
        return did.formatted(culprit.text()) + mended;
    }

    /** Each line of the server's sidecar is one call, unless the request stopped there; without one, the client's counter. */
    private static OptionalInt appRan(List<Hop> hops) {
        if (hops.stream().allMatch(hop -> hop.exchange().isTcp())) {
            return OptionalInt.empty();
        }
        var server = hops.stream().filter(hop -> hop.side() == Side.SERVER).toList();
        if (server.stream().anyMatch(hop -> hop.exchange().reach() == Reach.UNSAID)) {
            return OptionalInt.empty();
        }
        if (!server.isEmpty()) {
            return OptionalInt.of((int) server.stream()
                    .filter(hop -> hop.exchange().reach() == Reach.ASKED)
                    .count());
        }
        var last = hops.getLast();
        var attempts = last.entry().number(LogField.UPSTREAM_REQUEST_ATTEMPT_COUNT);
        if (attempts.isPresent() && attempts.getAsLong() <= Integer.MAX_VALUE) {
            return OptionalInt.of((int) attempts.getAsLong());
        }
        return last.exchange().reach() == Reach.ASKED
                        && !last.exchange().flags().contains(ResponseFlag.URX)
                        && !last.exchange().failed()
                ? OptionalInt.of(1)
                : OptionalInt.empty();
    }

    private List<String> notes(List<Hop> hops, Hop culprit) {
        var notes = new ArrayList<String>();
        for (var hop :
                hops.stream().filter(each -> !each.exchange().tunnelEnded()).toList()) {
            for (var flag : hop.entry().flags()) {
                notes.add(flag + ": "
                        + ResponseFlag.of(flag)
                                .map(ResponseFlag::sentence)
                                .orElse("a flag that this tool does not know; a filter may have registered it"));
            }
            hop.exchange()
                    .details()
                    .ifPresent(details -> notes.add(details.name() + ": "
                            + details.words()
                                    .orElse("details that this tool does not know; a filter may have set them")));
        }
        if (culprit.exchange().madeHere()) {
            culprit.reason()
                    .flatMap(reason -> ReplyLength.sentence(culprit.entry(), reason))
                    .ifPresent(notes::add);
        }
        wireBytes(culprit).ifPresent(notes::add);
        retries(hops).ifPresent(notes::add);
        return notes.stream().distinct().toList();
    }

    private static Optional<String> wireBytes(Hop hop) {
        var received = hop.entry().number(LogField.UPSTREAM_WIRE_BYTES_RECEIVED);
        if (received.isEmpty() || !hop.exchange().madeHere()) {
            return Optional.empty();
        }
        return Optional.of(
                received.getAsLong() == 0
                        ? "not one byte came from the upstream"
                        : received.getAsLong()
                                + " bytes came from the upstream, and they were refused: bad bytes, not none");
    }

    private Optional<String> retries(List<Hop> hops) {
        var first = hops.getFirst();
        long server = hops.stream().filter(hop -> hop.side() == Side.SERVER).count();
        if (server > 1) {
            return Optional.of(
                    "%d lines of the server's sidecar for one request: it was retried, and so were the app's side effects"
                            .formatted(server));
        }
        if (first.exchange().isTcp()
                || hops.stream().noneMatch(hop -> hop.exchange().flags().contains(ResponseFlag.URX))) {
            return Optional.empty();
        }
        if (first.side() == Side.SERVER) {
            return Optional.of(
                    version.retriesInbound()
                            ? "URX at the server's sidecar: from Istio 1.24 it tries twice more, but only where not a byte"
                                    + " of the request had been sent"
                            : "URX at the server's sidecar: a retry policy was set for it");
        }
        return Optional.of("URX: Istio retries twice by default, so the app may have been called three times");
    }
}
