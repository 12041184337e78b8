// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.util.List;
import java.util.Optional;
import upstreamreset.http1.FieldLine;
import upstreamreset.inspect.InspectedResponse;
import upstreamreset.inspect.Inspection;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/**
 * The app's response to one request, as the tap saw it.
 *
 * @param answeredBefore how many bytes the app had sent on the connection before
 */
record SeenResponse(InspectedResponse inspected, Bytes sent, long answeredBefore) {
    /**
     * The response to the request of this id in an exchange; where it has only one, or none with an id, that; never that to
     * another request.
     */
    static Optional<SeenResponse> in(RecentExchanges.Found exchange, String requestId, String envoyVersion) {
        var found = Inspection.of(exchange.events(), envoyVersion);
        return found.stream()
                .filter(each -> each.judged().request().id().equals(Optional.of(requestId)))
                .reduce((_, last) -> last)
                .or(() -> found.stream()
                        .filter(each -> requestId.isEmpty()
                                || each.judged().request().id().isEmpty()
                                || (found.size() == 1 && !each.inHttp2()))
                        .reduce((_, last) -> last))
                .map(response ->
                        new SeenResponse(response, sent(exchange.events(), response), exchange.answeredBefore()));
    }

    private static Bytes sent(List<StreamEvent> exchange, InspectedResponse response) {
        if (response.inHttp2()) {
            return Bytes.EMPTY;
        }
        var all = Bytes.concat(exchange.stream()
                        .filter(StreamEvent.Data.class::isInstance)
                        .map(StreamEvent.Data.class::cast)
                        .filter(data -> data.direction() == Direction.TO_CLIENT)
                        .map(StreamEvent.Data::bytes)
                        .toList())
                .toArray();
        int from = Math.toIntExact(Math.min(response.offset(), all.length));
        return Bytes.of(all, from, all.length - from);
    }

    /**
     * Judged with what Envoy did; the findings' offsets count from the response's first byte, and where there is none, from the
     * connection's: on one that was used before, keep-alive may have raced.
     */
    JudgedResponse judged(Verdict observed) {
        var model = inspected.judged();
        if (inspected.inHttp2()
                || model.findings().stream().anyMatch(each -> each.rule().ofClient())) {
            return model.observed(observed);
        }
        var wire = model.closedBy().startsWith("server")
                ? inspected.wire()
                : inspected.wire().withoutEnd();
        var judged = JudgedResponse.of(model.request(), wire, model.closedBy(), observed, true);
        return sent.length() == 0 ? judged.movedBy(answeredBefore) : judged;
    }

    List<FieldLine> lines() {
        return inspected.inHttp2() ? inspected.wire().fields() : List.of();
    }
}
