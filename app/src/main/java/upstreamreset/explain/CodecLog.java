// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.accesslog.LogLine;
import upstreamreset.verdict.CodecReason;

/**
 * Assigns Envoy's debug messages about refused bytes to their requests. The messages name no request, so the refusals
 * belong to the refused requests in order. Memory is bounded.
 */
final class CodecLog {
    private static final int MAX_KEPT = 10_000;

    private final List<CodecSaid> said = new ArrayList<>();
    private String http2 = "";

    /** Whether what a line says of refused bytes is whole: words that are known, or the end of the field that they name. */
    static boolean isComplete(LogLine line) {
        if (line instanceof LogLine.Codec(String message)) {
            return !CodecReason.rules(message).isEmpty() || EnvoyWords.isHttp2Refusal(message);
        }
        return !(line instanceof LogLine.Http2(String text)) || text.isEmpty() || text.endsWith("]");
    }

    /** The codec's message about a response; the line of the {@code http2} logger before it is about the same bytes. */
    void codec(String message) {
        add(new CodecSaid(message, http2));
        http2 = "";
    }

    /** The {@code http2} logger's message; empty text adds nothing. */
    void http2(String text) {
        if (!text.isEmpty()) {
            end();
            http2 = text;
        }
    }

    private void add(CodecSaid refusal) {
        if (said.size() < MAX_KEPT) {
            said.add(refusal);
        }
    }

    /** No line of the codec follows the last one of the {@code http2} logger. */
    private void end() {
        if (!http2.isEmpty()) {
            add(new CodecSaid("", http2));
            http2 = "";
        }
    }

    /**
     * The messages by request, and the unassigned ones.
     *
     * @param claimed as many as there are requests, in their order; nothing for most
     */
    record Claims(List<CodecSaid> claimed, List<CodecSaid> left) {
        Claims {
            claimed = List.copyOf(claimed);
            left = List.copyOf(left);
        }
    }

    Claims claims(List<List<Hop>> requests) {
        end();
        var left = new ArrayList<>(said);
        var claimed = requests.stream().map(hops -> claim(hops, left)).toList();
        return new Claims(claimed, left);
    }

    /** The messages by request; later requests do not get them again. */
    List<CodecSaid> take(List<List<Hop>> requests) {
        var claims = claims(requests);
        said.clear();
        said.addAll(claims.left());
        return claims.claimed();
    }

    /** The messages belong to requests that are being reported. */
    void forget() {
        end();
        said.clear();
    }

    private static CodecSaid claim(List<Hop> hops, List<CodecSaid> left) {
        var found = Optional.<CodecSaid>empty();
        if (hops.stream().anyMatch(Hop::refusedBytes)) {
            found = first(left, each -> !each.message().isEmpty()).or(() -> first(left, each -> true));
        } else if (hops.stream().anyMatch(Hop::refusedHttp2Request)) {
            // The client logger speaks of upstreams alone.
            found = first(left, each -> each.message().isEmpty());
        }
        found.ifPresent(left::remove);
        return found.orElse(CodecSaid.NOTHING);
    }

    private static Optional<CodecSaid> first(List<CodecSaid> left, Predicate<CodecSaid> wanted) {
        return left.stream().filter(wanted).findFirst();
    }
}
