// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads {@code key=value}, {@code key="value"} and {@code key: value}, even if an export lost the separators between
 * pairs.
 */
final class KeyValueLine {
    private static final String LONG_KEYS =
            "response_code_details|response_code|response_flags|downstream_remote_address|downstream_local_address"
                    + "|upstream_local_address|upstream_cluster|upstream_host|bytes_received|bytes_sent|start_time|request_id"
                    + "|user_agent|node_name|pod_name|x_forwarded_for|upstream_transport_failure_reason";

    /** One of Istio's long names right behind another value. */
    private static final Pattern GLUED = Pattern.compile("(?<=[A-Za-z0-9])(?:" + LONG_KEYS + ")[:=]");

    /** A key has something before it that ends another value. */
    private static final Pattern KEY = Pattern.compile(
            "(?<![A-Za-z0-9_.%?&/=:@-])(:?[A-Za-z@][A-Za-z0-9_.@-]{0,60})[\"']?(?:\\s?[=:]\\s?)(?=[^=\\s]|$|\\s)");

    private static final Pattern VALUE = Pattern.compile(
            "\"((?:[^\"\\\\]|\\\\.)*+)\"|'([^']*+)'|((?:(?:in|out)bound[-a-z]{0,4}[|_][^\\s,;}\"']*+)|(?:[^\\s,;{}|\"']|,(?=[A-Z]{2,5}(?:[\\s,;<]|$)))*+(?:\\{[^}]*+(?:}[^\\s,;|\"']*+|$))?)");

    record Pair(String key, String value) {}

    private KeyValueLine() {}

    static List<Pair> pairs(String text) {
        var pairs = new ArrayList<Pair>();
        if (text.indexOf('=') < 0 && text.indexOf(':') < 0) {
            return pairs;
        }
        var line = text.contains("response_") ? GLUED.matcher(text).replaceAll(" $0") : text;
        var key = KEY.matcher(line);
        var value = VALUE.matcher(line);
        int at = 0;
        while (at < line.length() && key.find(at)) {
            var name = key.group(1);
            if (!value.find(key.end()) || value.start() != key.end()) {
                at = key.end();
                continue;
            }
            boolean open =
                    value.end() == key.end() && "\"'".indexOf(line.charAt(Math.min(key.end(), line.length() - 1))) >= 0;
            if (open) {
                // The closing quote was cut off, and so may be a part of the value.
                break;
            }
            var quoted = value.group(1) == null ? value.group(2) : value.group(1);
            var meant = quoted == null ? value.group(3) : quoted;
            at = Math.max(key.end(), value.end());
            if (!meant.isEmpty() || at < line.length()) {
                pairs.add(new Pair(name, meant));
            }
        }
        return pairs;
    }

    static LooseFields read(String line) {
        var fields = new LooseFields();
        pairs(line).forEach(pair -> fields.add(pair.key(), pair.value()));
        return fields;
    }
}
