// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;

/** Does to a line of an access log what people, terminals, chats and log stores do; the seed says what. */
final class LineMangler {
    private static final List<Map<LogField, String>> KEYS = List.of(
            keys(
                    "startTime requestMethod requestPath protocol responseCode responseFlags responseCodeDetails bytesSent duration"
                            + " requestId authority upstreamHost upstreamCluster upstreamLocalAddress"),
            keys(
                    "start-time method path protocol response-code response-flags response-code-details bytes-sent duration"
                            + " request-id authority upstream-host upstream-cluster upstream-local-address"),
            keys(
                    "time mthd path proto rc rf rcd tx dur xrid host upstream_host upstream_cluster upstream_local_address"),
            keys(
                    "Timestamp Method URI Protocol Status Response_Flag Status_Details Bytes_Sent Total_Time_Ms X-Request-Id"
                            + " Authority Upstream_Host Upstream_Cluster Upstream_Local_Address"),
            keys(
                    "start.time request.method request.path request.protocol response.code response.flags response.code_details"
                            + " bytes.sent duration_ms request.id request.authority upstream.host upstream.cluster upstream.local_address"));

    private final Random random;

    LineMangler(long seed) {
        random = new Random(seed);
    }

    /** The lines of text that a line became. */
    String mangle(String line, AccessLogEntry entry) {
        var text = switch (random.nextInt(5)) {
            case 0 -> json(entry);
            case 1 -> pairs(entry);
            default -> cut(line);
        };
        boolean shipped = random.nextInt(4) == 0;
        text = shipped ? shipped(text) : quoted(text);
        text = prefixed(coloured(text));
        return random.nextInt(3) == 0 && isWrappable(text) ? wrapped(text) : text;
    }

    /** One line with its begin, in quotes that a wrap does not take apart, and no list of keys. */
    private static boolean isWrappable(String text) {
        return text.indexOf('\n') < 0
                && !text.contains("&quot;")
                && !text.contains("\"\"")
                && text.indexOf('\u201c') < 0
                && (text.contains("[20") || text.contains("{\""))
                && !text.contains("=");
    }

    /** In front up to the status, behind from the upstream on: what stands between is what the answer needs. */
    private String cut(String line) {
        return switch (random.nextInt(4)) {
            case 0 -> line.substring(line.indexOf(' ') + 1);
            case 1 -> line.substring(line.indexOf('"') + 1);
            case 2 -> line.substring(0, line.length() - random.nextInt(lastFields(line)));
            default -> line;
        };
    }

    /** What stands behind the cluster, by which the hop is known, and the address by which the upstream was reached. */
    private static int lastFields(String line) {
        int cluster = line.indexOf(" inbound|") + 1;
        int end = cluster == 0 ? line.length() - 1 : line.indexOf(' ', line.indexOf(' ', cluster) + 1) + 1;
        return Math.max(1, line.length() - end);
    }

    private String json(AccessLogEntry entry) {
        var keys = pick(KEYS);
        var pairs = new ArrayList<String>();
        keys.forEach((field, key) ->
                value(entry, field).ifPresent(value -> pairs.add("\"%s\":\"%s\"".formatted(key, value))));
        boolean lines = random.nextInt(3) == 0;
        return lines ? "{\n  " + String.join(",\n  ", pairs) + "\n}" : "{" + String.join(",", pairs) + "}";
    }

    /** No flags are a dash. */
    private static Optional<String> value(AccessLogEntry entry, LogField field) {
        var value = entry.text(field);
        return field == LogField.RESPONSE_FLAGS ? value.or(() -> Optional.of("-")) : value;
    }

    private String pairs(AccessLogEntry entry) {
        var keys = pick(KEYS);
        var form = pick(List.of("%s=%s ", "%s=\"%s\" ", "%s=\"%s\", ", "%s: %s\n"));
        var text = new StringBuilder();
        keys.forEach((field, key) -> value(entry, field).ifPresent(value -> text.append(form.formatted(key, value))));
        return text.toString().strip();
    }

    private String quoted(String text) {
        boolean lines = text.indexOf('\n') >= 0;
        return switch (random.nextInt(lines ? 2 : 9)) {
            case 0 -> text.replaceAll("\"([^\"]*)\"", "\u201c$1\u201d");
            case 1 -> text;
            case 2 -> text.replace("\"", "\"\"");
            case 3 -> text.replace("\"", "\\\"");
            case 4 -> text.replace("\"", "&quot;");
            case 5 -> text.replace(' ', '\u00a0');
            case 6 -> "**" + text + "**";
            case 7 -> "<code>" + text.replace("<", "&lt;") + "</code>";
            default -> "\"" + text.replace("\"", "\"\"") + "\"";
        };
    }

    private String shipped(String text) {
        var escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        var wrapper = pick(List.of(
                "{\"log\":\"%s\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T20:00:00.999999999Z\"}",
                "{\"textPayload\":\"%s\",\"resource\":{\"labels\":{\"pod_name\":\"web-0\"}},\"severity\":\"INFO\"}",
                "{\"kubernetes\":{\"pod_name\":\"web-0\",\"labels\":{\"app\":\"web\"}},\"log\":\"%s\"}",
                "{\"@timestamp\":\"2026-11-22T20:00:00Z\",\"message\":\"%s\",\"agent\":{\"type\":\"filebeat\"}}",
                "{\"events\":[{\"timestamp\":1,\"message\":\"%s\"}]}",
                "{\"streams\":[{\"stream\":{\"app\":\"web\"},\"values\":[[\"1764000000\",\"%s\"]]}]}",
                "{\"data\":[{\"attributes\":{\"status\":\"info\",\"service\":\"web\",\"message\":\"%s\"}}]}"));
        return wrapper.formatted(escaped);
    }

    private String coloured(String text) {
        return random.nextInt(6) > 0 || text.startsWith("{")
                ? text
                : "\u001b[3" + random.nextInt(8) + "m" + text + "\u001b[0m";
    }

    private String prefixed(String text) {
        var prefix = pick(List.of(
                "",
                "",
                "",
                "[pod/web-0/istio-proxy] ",
                "web-0 istio-proxy ",
                "envoy-1  | ",
                "2026-11-22T20:00:00.999999999Z ",
                "Nov 22 20:00:00 node-1 envoy[4711]: ",
                "> ",
                "2026-11-22T20:00:00.999999999Z stdout F "));
        // "> GET" is what curl -v prints of a request.
        boolean isCurls = prefix.equals("> ") && !text.startsWith("[") && !text.startsWith("{");
        return text.indexOf('\n') < 0 && !isCurls ? prefix + text : text;
    }

    private String wrapped(String text) {
        int width = 50 + random.nextInt(100);
        var line = text.indexOf('\n') >= 0 ? text : text.replaceAll("(.{" + width + "})(?=.)", "$1\n");
        return random.nextBoolean() ? line : line.replaceAll("(?m) +$", "");
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static Map<LogField, String> keys(String names) {
        var fields = List.of(
                LogField.START_TIME,
                LogField.METHOD,
                LogField.PATH,
                LogField.PROTOCOL,
                LogField.RESPONSE_CODE,
                LogField.RESPONSE_FLAGS,
                LogField.RESPONSE_CODE_DETAILS,
                LogField.BYTES_SENT,
                LogField.DURATION,
                LogField.REQUEST_ID,
                LogField.AUTHORITY,
                LogField.UPSTREAM_HOST,
                LogField.UPSTREAM_CLUSTER,
                LogField.UPSTREAM_LOCAL_ADDRESS);
        var keys = new EnumMap<LogField, String>(LogField.class);
        var words = names.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            keys.put(fields.get(i), words[i]);
        }
        return keys;
    }
}
