// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.CodecReason;

/** Reads a line that is not a log line, the most certain reading first; empty if it has no meaning here. */
public final class ScrapReader {
    /** The beginning of a sentence about Envoy's control plane, in which the reply is not the app's. */
    private static final String CONTROL_PLANE = "control plane";

    private static final Pattern NODE = Pattern.compile("code\\W{1,4}HPE_");

    /** The beginning of longer text suffices. */
    private static final int MAX_LINE = 8 * 1024;

    private ScrapReader() {}

    public static Optional<Scrap> read(String given) {
        if (given.isBlank()) {
            return Optional.empty();
        }
        var line = given.length() > MAX_LINE ? given.substring(0, MAX_LINE) : given;
        var saying = Sayings.find(line);
        if (saying.isPresent() && saying.get().scrap().speaker().contains(CONTROL_PLANE)) {
            return saying.map(Sayings.Found::scrap);
        }
        var certain = EnvoyReply.find(line)
                .or(() -> HaproxyLine.find(line))
                .or(() -> AlbLine.find(line))
                .or(() -> EnvoyCounter.find(line))
                .or(() -> ShortWords.reset(line));
        if (certain.isPresent()) {
            return certain;
        }
        var codec = CodecReason.in(line);
        int length = codec.map(String::length).orElse(0);
        if (saying.filter(each -> each.length() > length).isPresent()) {
            return saying.map(Sayings.Found::scrap);
        }
        return codec.map(message -> ofCodec(line, message)).or(() -> ShortWords.find(line));
    }

    /** Node's parser has codes of the same names: it prints them as a property of the error. */
    private static Scrap ofCodec(String line, String message) {
        return NODE.matcher(line).find()
                ? Scrap.naming(
                        line.strip(),
                        "Node",
                        "Node (llhttp) refused the response with this code",
                        CodecReason.rules(message).stream().map(Rule::id).toList())
                : Scrap.ofCodec(message);
    }
}
