// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import upstreamreset.output.JsonTree;

/**
 * A line of Envoy's own log as Istio's proxies print it, in text or JSON.
 *
 * @param connection {@code ConnectionId}; -1 if the line has none
 * @param thread empty if the line has none
 */
record DebugLine(long connection, String thread, String text) {
    /** {@code [Tags: "ConnectionId":"25","StreamId":"7"]}; before Envoy 1.27 {@code [C25][S7]}. */
    private static final Pattern CONNECTION =
            Pattern.compile("\\[Tags: [^\\]]*\"ConnectionId\":\"(\\d{1,18})\"[^\\]]*]|\\[C(\\d{1,18})]");

    private static final Pattern THREAD = Pattern.compile("\\sthread=(\\d{1,18})\\s*$");
    private static final Pattern ENVOY = Pattern.compile("\\b(?:trace|debug)\\b.*\\benvoy\\b");
    private static final Pattern FIELD = Pattern.compile("completed header: key=(.*?) value=(.*)", Pattern.DOTALL);

    static Optional<DebugLine> parse(String line) {
        return line.startsWith("{") ? json(line) : text(line);
    }

    private static Optional<DebugLine> text(String line) {
        if (!ENVOY.matcher(line).find()) {
            return Optional.empty();
        }
        var thread = THREAD.matcher(line);
        boolean threaded = thread.find();
        return Optional.of(of(threaded ? line.substring(0, thread.start()) : line, threaded ? thread.group(1) : ""));
    }

    private static Optional<DebugLine> json(String line) {
        try {
            var object = JsonTree.read(line);
            return object.path("scope").asString("").startsWith("envoy")
                    ? Optional.of(of(
                            object.path("msg").asString(""),
                            object.path("thread").asString("")))
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static DebugLine of(String text, String thread) {
        var connection = CONNECTION.matcher(text);
        if (!connection.find()) {
            return new DebugLine(-1, thread, text);
        }
        var id = connection.group(1) == null ? connection.group(2) : connection.group(1);
        return new DebugLine(
                Long.parseLong(id), thread, text.substring(connection.end()).strip());
    }

    /** A field line that the codec has read whole. */
    Optional<Field> field() {
        var field = FIELD.matcher(text);
        return field.find() ? Optional.of(new Field(field.group(1), field.group(2))) : Optional.empty();
    }

    /** Its name and value as they stood on the wire. */
    record Field(String name, String value) {}
}
