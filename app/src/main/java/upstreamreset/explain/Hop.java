// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;

/** One proxy's line about a request: who wrote it, and whether the error was made there or passed on. */
public record Hop(Side side, String source, AccessLogEntry entry) {
    private static final String PASSED_ON = "via_upstream";

    /** Flags with which the request never came to the upstream. */
    private static final Set<ResponseFlag> NOT_ASKED = Set.of(
            ResponseFlag.UF,
            ResponseFlag.UO,
            ResponseFlag.UH,
            ResponseFlag.NR,
            ResponseFlag.NC,
            ResponseFlag.DPE,
            ResponseFlag.RL,
            ResponseFlag.UAEX,
            ResponseFlag.FI,
            ResponseFlag.LH,
            ResponseFlag.IH,
            ResponseFlag.DO,
            ResponseFlag.UDO,
            ResponseFlag.DF,
            ResponseFlag.NFCF,
            ResponseFlag.RFCF,
            ResponseFlag.RLSE);

    private static final Set<ResponseFlag> TUNNEL_ENDS = Set.of(ResponseFlag.UC, ResponseFlag.DC);

    public static Hop of(LogLine.Access line) {
        return new Hop(Side.of(line.entry()), line.source(), line.entry());
    }

    /** The flags that are Envoy's, in the order logged. */
    public List<ResponseFlag> flags() {
        return entry.flags().stream()
                .map(ResponseFlag::of)
                .flatMap(Optional::stream)
                .toList();
    }

    public int status() {
        return entry.status().orElse(0);
    }

    /** Whether this proxy itself made or cut the response. */
    public boolean madeHere() {
        if (!failed()) {
            return false;
        }
        var details = entry.details();
        if (details.isPresent()) {
            return !details.get().name().equals(PASSED_ON);
        }
        return !entry.flags().isEmpty()
                || entry.text(LogField.UPSTREAM_SERVICE_TIME).isEmpty();
    }

    /** A 4xx that the upstream sent, or that a route is to send, is an answer, not a failure. */
    public boolean failed() {
        if (tunnelEnded()) {
            return false;
        }
        boolean harmless = flags().stream().allMatch(flag -> flag == ResponseFlag.RFCF || flag == ResponseFlag.DI);
        boolean own = entry.details()
                .map(details -> !details.name().equals(PASSED_ON) && !details.byTheRoute())
                .orElse(false);
        return status() >= 500
                || (status() == 0 && entry.text(LogField.RESPONSE_CODE).isPresent() && !isTcp())
                || (status() >= 400 && own)
                || !harmless
                || entry.flags().size() > flags().size();
    }

    /** Whether it carried a TCP connection, of which Istio's formats say {@code "- - -" 0}: there was no request. */
    public boolean isTcp() {
        return status() == 0
                && entry.text(LogField.METHOD).isEmpty()
                && entry.text(LogField.PATH).isEmpty()
                && !flags().contains(ResponseFlag.DC)
                && !flags().contains(ResponseFlag.DPE);
    }

    /** Whether it is the line of a tunnel, a websocket's for example, that one of the two sides closed: how each of them ends. */
    boolean tunnelEnded() {
        boolean tunnel = status() == 101
                || (status() == 200
                        && entry.text(LogField.METHOD)
                                .filter(method -> method.equals("CONNECT"))
                                .isPresent());
        return tunnel
                && !entry.flags().isEmpty()
                && entry.flags().size() == flags().size()
                && TUNNEL_ENDS.containsAll(flags());
    }

    /** Whether the route itself answered, as somebody configured it to. */
    boolean byTheRoute() {
        return entry.details().map(ResponseCodeDetails::byTheRoute).orElse(false);
    }

    /** Whether the request went on to the upstream. */
    enum Reach {
        ASKED,
        NOT_ASKED,
        /** Flags and details are none that we know. */
        UNSAID
    }

    Reach reach() {
        var details = entry.details();
        if (flags().stream().anyMatch(NOT_ASKED::contains)
                || details.map(ResponseCodeDetails::beforeUpstream).orElse(false)) {
            return Reach.NOT_ASKED;
        }
        boolean said = !flags().isEmpty()
                || details.map(each -> each.words().isPresent())
                        .orElse(entry.flags().isEmpty());
        return said ? Reach.ASKED : Reach.UNSAID;
    }

    /** For example {@code the server's sidecar (pod http-chunked-0)}. */
    public String text() {
        return side.text() + (source.isEmpty() ? "" : " (pod " + source + ")");
    }

    /** The reason as the details give it, else as the length of Envoy's own body gives it away. */
    Optional<ResetReason> reason() {
        var details = entry.details();
        return details.isPresent() ? details.get().reason() : ReplyLength.reason(entry);
    }
}
