// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

/** The kinds of log lines. */
public sealed interface LogLine {
    /**
     * A request.
     *
     * @param source the pod that logged it, as {@code kubectl logs --prefix} or a shipper writes it, else empty
     * @param namespace that of the pod, as a shipper writes it, else empty
     */
    record Access(AccessLogEntry entry, String source, String namespace) implements LogLine {
        public Access(AccessLogEntry entry, String source) {
            this(entry, source, "");
        }

        /** The same line from the pod of a shipper, which may be the one that the line names. */
        Access from(String pod, String ofNamespace) {
            return new Access(entry, source.isEmpty() ? pod : source, namespace.isEmpty() ? ofNamespace : namespace);
        }
    }

    /** A connection through ztunnel, of Istio's ambient mode. */
    record Ambient(AmbientConnection connection, String source) implements LogLine {}

    /** The names of a table's columns, or the line below them. */
    record Head() implements LogLine {}

    /** The codec's debug message about refused bytes. */
    record Codec(String message) implements LogLine {}

    /** What Envoy's {@code http2} logger said of a frame, before its codec refused the message; empty for what adds nothing. */
    record Http2(String text) implements LogLine {}

    /** Nothing that we know; {@code why} is one sentence. */
    record Foreign(String why) implements LogLine {}
}
