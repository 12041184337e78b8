// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import upstreamreset.output.Durations;
import upstreamreset.verdict.Outcome;

/** Turns the fields of one entry into a {@link Scenario}, or says which field is wrong and why. */
record ScenarioEntry(String file, int line, String name, Map<String, ScenarioFile.Field> fields) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final List<String> KEYS = List.of(("says path wire frames means ask sidecar client breaks seen fix"
                    + " expect codec bytes gets calls at-client older")
            .split(" ", -1));

    Scenario scenario() {
        if (!NAME.matcher(name).matches()) {
            throw new CatalogueException(file, line, name, "", "a name is kebab-case: a-z, 0-9 and single hyphens");
        }
        for (var field : fields.entrySet()) {
            if (!KEYS.contains(field.getKey())) {
                throw error(field.getKey(), "is not a field; the fields are " + String.join(", ", KEYS));
            }
        }
        var breaks = optional("breaks", BrokenRule::parse);
        return new Scenario(
                name,
                file.replaceFirst("\\.[a-z]+$", ""),
                required("says", text -> text),
                source(),
                optional("means", WireText::parse),
                optional("ask", Request::parse).orElse(Request.GET),
                mesh(),
                breaks,
                lines("seen"),
                optional("fix", text -> text).or(() -> breaks.flatMap(BrokenRule::fix)),
                required("expect", this::expectation),
                optional("older", _ -> lines("older").stream().map(this::older).toList())
                        .orElse(List.of()));
    }

    private Source source() {
        var given =
                Stream.of("path", "wire", "frames").filter(fields::containsKey).toList();
        if (given.size() != 1) {
            throw error("wire", "give a path, or a wire script, or HTTP/2 frames, and only one of them");
        }
        return switch (given.getFirst()) {
            case "path" -> required("path", Source.App::new);
            case "wire" ->
                lines("wire").equals(List.of("nobody"))
                        ? new Source.Nobody()
                        : script("wire", WireScript.Protocol.HTTP_1);
            default -> script("frames", WireScript.Protocol.HTTP_2);
        };
    }

    private WireScript script(String key, WireScript.Protocol protocol) {
        return required(
                key,
                _ -> new WireScript(
                        protocol, lines(key).stream().map(ScenarioEntry::step).toList()));
    }

    private static WireStep step(String text) {
        var parts = text.split(" ", 2);
        var argument = parts.length == 2 ? parts[1].strip() : "";
        return switch (parts[0]) {
            case "read" -> argument.equals("head") ? new WireStep.ReadHead() : new WireStep.ReadRequest();
            case "send" -> new WireStep.Send(WireText.parse(argument));
            case "frame" -> new WireStep.Send(FrameText.parse(argument));
            case "pause" -> new WireStep.Pause(Durations.parse("pause", argument));
            case "close" -> new WireStep.Close();
            case "reset" -> new WireStep.Reset();
            case "stall" -> new WireStep.Stall();
            default ->
                throw new IllegalArgumentException(
                        "\"" + parts[0] + "\" is not a step; steps are read, send, frame, pause, close, reset, stall");
        };
    }

    private Mesh mesh() {
        return new Mesh(
                optional("sidecar", _ -> edits("sidecar")).orElse(List.of()),
                optional("client", text -> text.equals("istio") ? List.of() : edits("client")));
    }

    private List<ConfigEdit> edits(String key) {
        return lines(key).stream().map(ConfigEdit::parse).toList();
    }

    /** {@code OUTCOME STATUS FLAGS DETAILS}, a hyphen for none, as the access log writes it. */
    private Expectation expectation(String text) {
        var words = text.split(" +", 2);
        var line = line(words.length == 2 ? words[1] : "");
        return new Expectation(
                outcome(words[0]),
                line.status(),
                line.flags(),
                line.details(),
                optional("codec", codec -> codec),
                optional("bytes", Long::valueOf).map(OptionalLong::of).orElse(OptionalLong.empty()),
                optional("gets", WireText::parse),
                optional("calls", Integer::valueOf).orElse(1),
                optional("at-client", ScenarioEntry::line));
    }

    private static Expectation.Line line(String text) {
        var words = text.split(" +", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("expected STATUS FLAGS DETAILS, a hyphen for none, got: " + text);
        }
        return new Expectation.Line(Integer.parseInt(words[0]), words[1], words[2]);
    }

    /** {@code VERSION OUTCOME STATUS FLAGS DETAILS}: what the versions before this one do. */
    private Scenario.Older older(String text) {
        var words = text.split(" +", 2);
        return new Scenario.Older(words[0], expectation(words.length == 2 ? words[1] : ""));
    }

    private static Outcome outcome(String word) {
        var known = EnumSet.complementOf(EnumSet.of(Outcome.UNKNOWN));
        return known.stream()
                .filter(outcome -> outcome.text().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is not an outcome; they are "
                        + known.stream().map(Outcome::text).collect(Collectors.joining(", "))));
    }

    private List<String> lines(String key) {
        var field = fields.get(key);
        return field == null ? List.of() : field.lines();
    }

    private <T> T required(String key, Function<String, T> read) {
        return optional(key, read).orElseThrow(() -> error(key, "is missing"));
    }

    private <T> Optional<T> optional(String key, Function<String, T> read) {
        var field = fields.get(key);
        if (field == null) {
            return Optional.empty();
        }
        if (field.lines().isEmpty()) {
            throw error(key, "is empty");
        }
        try {
            return Optional.of(read.apply(field.text()));
        } catch (IllegalArgumentException e) {
            throw error(key, String.valueOf(e.getMessage()));
        }
    }

    private CatalogueException error(String key, String why) {
        var field = fields.get(key);
        return new CatalogueException(file, field == null ? line : field.line(), name, key, why);
    }
}
