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
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.verdict.GrpcReply;
import upstreamreset.verdict.ObservedVerdict;

/**
 * Joins the lines of one request from all hops and decides which hop made the error, how often the app ran, and why it
 * failed.
 */
public final class Explainer {
    private final IstioVersion version;
    private final Place place;

    public Explainer(IstioVersion version) {
        this(version, Place.UNKNOWN);
    }

    /** {@code place} is used in the printed commands if the lines do not name one. */
    public Explainer(IstioVersion version, Place place) {
        this.version = version;
        this.place = place;
    }

    /** The Pod's location as given by the user. */
    Place place() {
        return place;
    }

    /** Explains one request by its lines, of which there is at least one, and by what the codec said of its response, if it did. */
    public Explanation explain(List<Hop> lines, CodecSaid codec) {
        var hops = lines.stream().sorted(Comparator.comparing(Hop::side)).toList();
        var culprit = culprit(hops);
        var exchange = culprit.exchange();
        var envoy = ObservedVerdict.of(exchange, codec.message());
        Optional<CodecRefusal> refusal =
                codec.isNothing() ? Optional.empty() : Optional.of(CodecRefusal.of(codec, exchange.status()));
        var contradictions = Contradictions.of(exchange);
        return new Explanation(
                hops,
                culprit,
                envoy,
                contradictions.isEmpty()
                        ? VerdictSentence.of(hops, culprit, envoy.outcome())
                        : "the line of " + culprit.text() + " contradicts itself, so it does not tell what happened: "
                                + contradictions.getFirst(),
                contradictions.isEmpty() ? appRan(hops) : OptionalInt.empty(),
                notes(hops, culprit),
                new Causes(culprit, new NextCommand(culprit, place), version, refusal).ranked(),
                refusal,
                contradictions);
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

    /** Each line of the server's sidecar is one call, unless the request stopped there; without one, the client's counter. */
    private static OptionalInt appRan(List<Hop> hops) {
        if (hops.stream().allMatch(hop -> hop.exchange().isTcp())) {
            return OptionalInt.empty();
        }
        var server = hops.stream().filter(hop -> hop.side() == Side.SERVER).toList();
        if (server.stream().anyMatch(hop -> hop.exchange().reach() == Reach.UNSAID || mayHaveAskedAgain(hop))) {
            return OptionalInt.empty();
        }
        if (!server.isEmpty()) {
            return OptionalInt.of((int) server.stream()
                    .filter(hop -> hop.exchange().reach() == Reach.ASKED)
                    .count());
        }
        if (hops.stream().allMatch(hop -> hop.exchange().stoppedBeforeRouting())) {
            return OptionalInt.of(0);
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

    /** A sidecar's own retries are in its one line. */
    private static boolean mayHaveAskedAgain(Hop hop) {
        return hop.exchange().reach() == Reach.ASKED && hop.exchange().has(ResponseFlag.URX);
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
            hop.entry()
                    .text(LogField.CONNECTION_TERMINATION_DETAILS)
                    .ifPresent(details -> ResponseCodeDetails.parse(details)
                            .words()
                            .ifPresent(words -> notes.add(details + ": " + words)));
        }
        if (culprit.grpc() == GrpcReply.Reading.POSSIBLE) {
            notes.add(
                    "to tell them apart, look at %RESPONSE_CODE_DETAILS% (before or after the response started),"
                            + " x-envoy-upstream-service-time, which only an upstream's response has, and content-type application/grpc");
        }
        if (culprit.exchange().madeHere() && culprit.grpc() == GrpcReply.Reading.NONE) {
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
                        ? "the upstream sent no byte"
                        : received.getAsLong()
                                + " bytes came from the upstream, and they were refused: bad bytes, not none");
    }

    private Optional<String> retries(List<Hop> hops) {
        var first = hops.getFirst();
        long server = hops.stream().filter(hop -> hop.side() == Side.SERVER).count();
        if (server > 1) {
            return Optional.of(("%d lines of the server's sidecar for one request: it was retried, so the app may have"
                            + " repeated its side effects")
                    .formatted(server));
        }
        if (first.exchange().isTcp()
                || hops.stream().noneMatch(hop -> hop.exchange().flags().contains(ResponseFlag.URX))) {
            return Optional.empty();
        }
        if (first.side() == Side.SERVER) {
            return Optional.of(
                    version.retriesInbound()
                            ? "URX at the server's sidecar: since Istio 1.24 it retries twice, but only if no"
                                    + " byte of the request was sent"
                            : "URX at the server's sidecar: a retry policy was set for it");
        }
        if (hops.stream().anyMatch(hop -> hop.exchange().reach() == Reach.NOT_ASKED)) {
            return Optional.of("URX: the retries were used up too, and the last try did not reach the app");
        }
        return Optional.of("URX: Istio retries twice by default, so the app may have been called three times");
    }
}
