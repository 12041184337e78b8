// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code key=value}, {@code key="value"} and {@code key: value}, also where an export lost what stood between two pairs. */
final class KeyValueLine {
    private static final String LONG_KEYS =
            "response_code_details|response_code|response_flags|downstream_remote_address|downstream_local_address"
                    + "|upstream_local_address|upstream_cluster|upstream_host|bytes_received|bytes_sent|start_time|request_id"
                    + "|user_agent|node_name|pod_name|x_forwarded_for|upstream_transport_failure_reason";

    /** A key has something before it that ends another value; Istio's long names need nothing. */
    private static final Pattern KEY =
            Pattern.compile("(?:(?<![A-Za-z0-9_.%?&/=:@-])(:?[A-Za-z@][A-Za-z0-9_.@-]{0,60})|(" + LONG_KEYS
                    + "))[\"']?(?:\\s?[=:]\\s?)(?=[^=\\s]|$|\\s)");

    private static final Pattern VALUE = Pattern.compile(
            "\"((?:[^\"\\\\]|\\\\.)*+)\"|'([^']*+)'|((?:(?:in|out)bound[-a-z]{0,4}[|_][^\\s,;}\"']*+)|[^\\s,;{}|\"']*+(?:\\{[^}]*+(?:}[^\\s,;|\"']*+|$))?)");

    /** A pair, with where its text ends. */
    record Pair(String key, String value) {}

    private KeyValueLine() {}

    static List<Pair> pairs(String line) {
        var pairs = new ArrayList<Pair>();
        if (line.indexOf('=') < 0 && line.indexOf(':') < 0) {
            return pairs;
        }
        var key = KEY.matcher(line);
        var value = VALUE.matcher(line);
        int at = 0;
        while (at < line.length() && key.find(at)) {
            var name = key.group(1) == null ? key.group(2) : key.group(1);
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
            var text = quoted == null ? value.group(3) : quoted;
            at = Math.max(key.end(), value.end());
            if (quoted == null) {
                int glued = glued(text);
                if (glued > 0) {
                    at = value.start() + glued;
                    text = text.substring(0, glued);
                }
            }
            if (!text.isEmpty() || at < line.length()) {
                pairs.add(new Pair(name, text));
            }
        }
        return pairs;
    }

    private static final Pattern GLUED = Pattern.compile("(?:" + LONG_KEYS + ")[:=]");

    /** Where the next key begins in a value; 0 if it does not. */
    private static int glued(String value) {
        var next = GLUED.matcher(value);
        return next.find() ? next.start() : 0;
    }

    static LooseFields read(String line) {
        var fields = new LooseFields();
        pairs(line).forEach(pair -> fields.add(pair.key(), pair.value()));
        return fields;
    }
}
