// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import upstreamreset.accesslog.AmbientConnection;
import upstreamreset.accesslog.LogLine;
import upstreamreset.output.Json;
import upstreamreset.wire.Printable;

/** A connection of ztunnel's log, as text and as JSON. */
record AmbientView(PrintWriter out) {
    void text(LogLine.Ambient line) {
        var connection = line.connection();
        out.println("TCP " + Printable.of(connection.source() + " to " + connection.destination()));
        out.println("  " + side(connection)
                + (line.source().isEmpty() ? "" : " (pod " + Printable.of(line.source()) + ")")
                + Printable.of(connection.error().map(error -> ": " + error).orElse("")));
        out.println("  " + Printable.of(verdict(connection)));
        traffic(out, connection);
        ExplanationText.causes(out, ExplanationText.LIKELY, causes(connection));
        out.println();
    }

    private static void traffic(PrintWriter out, AmbientConnection connection) {
        if (connection.text("bytes_sent").isPresent()
                && connection.text("bytes_recv").isPresent()) {
            out.println(Printable.of("    - %s bytes sent, %s received%s"
                    .formatted(
                            connection.text("bytes_sent").get(),
                            connection.text("bytes_recv").get(),
                            connection
                                    .text("duration")
                                    .map(time -> ", in " + time)
                                    .orElse(""))));
        }
    }

    void json(LogLine.Ambient line) {
        var connection = line.connection();
        Json.print(out, json -> {
            json.field("failed", connection.error().isPresent());
            json.field("hop", hop(connection));
            if (!line.source().isEmpty()) {
                json.field("pod", Printable.of(line.source()));
            }
            json.field("verdict", Printable.of(verdict(connection)));
            json.object(
                    "ztunnel",
                    ztunnel -> connection.fields().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .forEach(field ->
                                    ztunnel.field(Printable.of(field.getKey()), Printable.of(field.getValue()))));
            if (connection.error().isPresent()) {
                ExplanationJson.causes(json, causes(connection));
            }
        });
    }

    private static List<Cause> causes(AmbientConnection connection) {
        return connection.error().isEmpty() ? List.of() : List.of(AmbientCause.of(connection));
    }

    private static String hop(AmbientConnection connection) {
        return !connection.hasDirection() ? "ztunnel" : connection.outbound() ? "client-ztunnel" : "server-ztunnel";
    }

    private static String side(AmbientConnection connection) {
        return !connection.hasDirection()
                ? "a ztunnel"
                : connection.outbound() ? "the ztunnel of the client's node" : "the ztunnel of the server's node";
    }

    private static String verdict(AmbientConnection connection) {
        return connection.error().isEmpty()
                ? "nothing failed: a connection through ztunnel, which does not read HTTP"
                : side(connection) + " failed a connection from " + connection.source() + " to "
                        + connection.destination();
    }
}
