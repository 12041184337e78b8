// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.wire.Printable;

/**
 * Decides whether the sidecar refused connections because they were not the mesh's mTLS: under STRICT no filter chain takes
 * others, and the log says so of each, without a request's path.
 */
record PlainTextRefused(Look look, SidecarLog log) {
    private static final String DETAILS = "filter_chain_not_found";

    Optional<Conclusion> conclude() {
        return log.failures().stream().filter(this::isRefused).findFirst().map(this::conclude);
    }

    boolean isRefused(Failures.Way way) {
        return look.strict()
                && look.hasSidecar()
                && !way.outbound()
                && way.answer().contains(DETAILS)
                && isPort(way.example()
                        .entry()
                        .text(LogField.DOWNSTREAM_LOCAL_ADDRESS)
                        .orElse(""));
    }

    /** Whether {@code address}, as Envoy writes it, is the Pod's with its port: IPv6 is in brackets. */
    private boolean isPort(String address) {
        return LogReading.address(address).equals(look.pod().ip())
                && address.endsWith(":" + look.port().orElseThrow().number());
    }

    private Conclusion conclude(Failures.Way way) {
        var from = way.example()
                .entry()
                .text(LogField.DOWNSTREAM_REMOTE_ADDRESS)
                .map(LogReading::address)
                .map(each -> ", the last from " + Printable.of(each))
                .orElse("");
        var by = look.policies().mtlsBy().map(each -> " (" + each + ")").orElse("");
        return Conclusion.finding(
                "mtls-required",
                "the sidecar refused %d %s%s: not the mesh's mTLS, and mTLS is STRICT%s"
                        .formatted(way.count(), way.count() == 1 ? "connection" : "connections", from, by),
                "a client without a sidecar, or one that a DestinationRule tells to send plain text, connects to a port that takes mTLS alone",
                "Give the client a sidecar, or let the PeerAuthentication take plain text at this port (portLevelMtls: PERMISSIVE).",
                List.of());
    }
}
