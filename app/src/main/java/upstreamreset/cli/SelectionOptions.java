// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import upstreamreset.tcp.StreamSelection;
import upstreamreset.tcp.StreamSelection.Wanted;
import upstreamreset.wire.Printable;

/** The options that select connections of a capture. */
final class SelectionOptions {
    private final List<Integer> streams = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private @Nullable String since;
    private @Nullable String until;

    void addTo(Syntax syntax) {
        syntax.repeated("--port", "N", Integer.class, ports)
                .description("Only connections with this port at either end. Repeatable, as are the next two.");
        syntax.repeated("--host", "ADDRESS", String.class, hosts)
                .description("Only connections with this address at either end.");
        syntax.repeated("--stream", "N", Integer.class, streams)
                .description("Only this connection, by Wireshark's number (tcp.stream).");
        syntax.option("--since", "TIME", String.class, value -> since = value)
                .description("Only packets from this time on: 2026-11-22T20:00:00Z, or seconds since the first"
                        + " TCP packet.");
        syntax.option("--until", "TIME", String.class, value -> until = value)
                .description("Only packets up to this time.");
    }

    /** Throws {@code IllegalArgumentException} where an option is wrong. */
    Wanted wanted() {
        ports.forEach(Command::checkPort);
        var addresses = new HashSet<InetAddress>();
        for (var host : hosts) {
            try {
                addresses.add(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--host expects an IP address, not '" + Printable.of(host) + "'", e);
            }
        }
        return new Wanted(
                Set.copyOf(streams),
                Set.copyOf(ports),
                addresses,
                Optional.ofNullable(since).map(time -> StreamSelection.moment("--since", time)),
                Optional.ofNullable(until).map(time -> StreamSelection.moment("--until", time)));
    }
}
