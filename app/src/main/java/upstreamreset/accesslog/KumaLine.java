// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/**
 * Reads the default formats of Kuma and Kong Mesh ({@code pkg/plugins/policies/meshaccesslog} of kumahq/kuma), which begin as
 * Envoy's own and then differ.
 */
final class KumaLine {
    private static final String HTTP =
            "[%START_TIME%] %KUMA_MESH% \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                    + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
                    + " \"%REQ(X-B3-TRACEID?X-DATADOG-TRACEID)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%KUMA_SOURCE_SERVICE%\""
                    + " \"%KUMA_DESTINATION_SERVICE%\" \"%KUMA_SOURCE_ADDRESS_WITHOUT_PORT%\" \"%UPSTREAM_HOST%\"";

    private static final String TCP = "[%START_TIME%] %RESPONSE_FLAGS% %KUMA_MESH% %KUMA_SOURCE_ADDRESS_WITHOUT_PORT%"
            + "(%KUMA_SOURCE_SERVICE%)->%UPSTREAM_HOST%(%KUMA_DESTINATION_SERVICE%) took %DURATION%ms,"
            + " sent %BYTES_SENT% bytes, received: %BYTES_RECEIVED% bytes";

    /** The newest first; older ones have no trace id, or no mesh. */
    private static final List<LogFormat> OF_REQUESTS =
            List.of(LogFormat.of(HTTP), LogFormat.of(HTTP.replace(" \"%REQ(X-B3-TRACEID?X-DATADOG-TRACEID)%\"", "")));

    private static final List<LogFormat> OF_CONNECTIONS =
            List.of(LogFormat.of(TCP), LogFormat.of(TCP.replace(" %KUMA_MESH%", "")));

    private KumaLine() {}

    static Optional<AccessLogEntry> read(String line) {
        int time = line.indexOf("[20");
        int end = line.indexOf("] ", Math.max(time, 0));
        if (time < 0 || end < 0) {
            return Optional.empty();
        }
        var text = line.substring(time);
        return line.contains("ms, sent ")
                ? first(OF_CONNECTIONS, text).map(KumaLine::connection)
                : line.startsWith("\"", end + 2) ? Optional.empty() : first(OF_REQUESTS, text);
    }

    /** A connection has no status: other formats say 0. */
    private static AccessLogEntry connection(AccessLogEntry entry) {
        var fields = new EnumMap<LogField, String>(LogField.class);
        fields.putAll(entry.fields());
        fields.put(LogField.RESPONSE_CODE, "0");
        return new AccessLogEntry(fields);
    }

    private static Optional<AccessLogEntry> first(List<LogFormat> formats, String line) {
        for (var format : formats) {
            if (new AccessLogParser(format).parse(line) instanceof AccessLogEntry entry) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
