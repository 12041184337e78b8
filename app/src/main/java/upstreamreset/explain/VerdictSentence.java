// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.verdict.GrpcReply;
import upstreamreset.verdict.Outcome;

/** Says in one sentence who made the response that the client got. */
final class VerdictSentence {
    private VerdictSentence() {}

    static String of(List<Hop> hops, Hop culprit, Outcome outcome) {
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
            return "nothing failed: the %s answered%s"
                    .formatted(
                            exchange.byTheRoute() ? "route itself" : "upstream",
                            exchange.saysStatus() ? " " + status : "");
        }
        var client = hops.getFirst().exchange();
        boolean mends = !client.failed() && (culprit.grpc() == GrpcReply.Reading.NONE || answered(hops));
        var mended = mends ? ", but a retry succeeded and the client got " + client.status() : "";
        if (!exchange.madeHere()) {
            return "%s forwarded a %d that %s%s"
                    .formatted(
                            culprit.text(),
                            status,
                            culprit.side() == Side.SERVER ? "the app itself sent" : "came from upstream",
                            mended);
        }
        return culprit.text() + " " + did(culprit, outcome) + mended;
    }

    private static String did(Hop culprit, Outcome outcome) {
        var exchange = culprit.exchange();
        int status = exchange.status();
        if (exchange.hadNoResponse()) {
            return ended(culprit);
        }
        if (status == 408) {
            return "made this 408 itself, because the client did not send its whole request in time";
        }
        return switch (culprit.grpc()) {
            case CERTAIN ->
                "answered a gRPC call itself: HTTP 200, in which the client saw grpc-status "
                        + GrpcReply.status(exchange) + reach(culprit);
            case POSSIBLE ->
                "either answered a gRPC call itself (HTTP 200 with grpc-status " + GrpcReply.status(exchange)
                        + "), or cut a 200 response off: this line does not tell";
            case NONE -> responded(culprit, outcome);
        };
    }

    private static String responded(Hop culprit, Outcome outcome) {
        var exchange = culprit.exchange();
        int status = exchange.status();
        if (!exchange.saysStatus()) {
            return "made this response itself" + reach(culprit);
        }
        if (status >= 400 || outcome == Outcome.REFUSED || outcome == Outcome.RESETS_BEFORE) {
            return "made this " + status + " itself" + reach(culprit);
        }
        boolean isReset =
                exchange.details().filter(ResponseCodeDetails::isReset).isPresent();
        return exchange.clientLeft() && !isReset
                ? "passed a " + status + " on until the client left"
                : "cut a " + status + " response off";
    }

    /** Whether the app answered another try: a gRPC call that failed is a 200 too. */
    private static boolean answered(List<Hop> hops) {
        return hops.stream()
                .anyMatch(hop -> hop.side() == Side.SERVER && !hop.exchange().failed());
    }

    /** How an unanswered request ended. */
    private static String ended(Hop culprit) {
        var exchange = culprit.exchange();
        var name = exchange.details().map(ResponseCodeDetails::name).orElse("");
        if (name.startsWith("downstream_local_disconnect")) {
            return "closed the client's connection itself, before there was a response";
        }
        if (exchange.has(ResponseFlag.DPE)) {
            return "closed the client's connection, because the client broke HTTP";
        }
        if (exchange.has(ResponseFlag.DR)) {
            return "saw the client cancel its request before there was a response";
        }
        return exchange.clientLeft()
                ? "saw the client leave before there was a response"
                : "ended the request without a response";
    }

    private static String reach(Hop culprit) {
        if (culprit.exchange().has(ResponseFlag.DPE) && culprit.exchange().reach() == LoggedExchange.Reach.ASKED) {
            return ", because the client broke HTTP; its upstream had received the beginning of the request";
        }
        return switch (culprit.exchange().reach()) {
            case ASKED -> ", because of what its upstream did";
            case NOT_ASKED -> "; its upstream never got the request";
            case UNSAID -> "; its line does not say whether the upstream got the request";
        };
    }
}
