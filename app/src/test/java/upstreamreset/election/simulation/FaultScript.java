// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import upstreamreset.output.Durations;
import upstreamreset.wire.Printable;

/** Faults as text, one a line: {@code 12s kill leader}, {@code 20s freeze b for 18s}, {@code 30s slow 2s for 9s}. */
public final class FaultScript {
    /** The forms of a line, for people. */
    public static final List<String> FORMS = List.of(
            "kill WHO",
            "terminate WHO",
            "restart WHO",
            "freeze WHO for TIME",
            "skew WHO TIME",
            "stick WHO for TIME",
            "outage for TIME",
            "refuse for TIME",
            "slow TIME for TIME",
            "errors STATUS for TIME",
            "lose-watch WHO",
            "silence-watch WHO for TIME",
            "delete-lease",
            "edit-lease " + edits());

    private static final Pattern TIME = Pattern.compile("[+-]?\\d.*[a-z]");

    private FaultScript() {}

    /** Reads a script: blank lines and what follows {@code #} are skipped. */
    public static List<Step> parse(String script) {
        var steps = new ArrayList<Step>();
        int number = 0;
        for (var line : script.lines().toList()) {
            number++;
            var text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                try {
                    steps.add(step(text));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return steps;
    }

    /** Reads one line. */
    public static Step step(String line) {
        var words = List.of(line.strip().split("\\s+"));
        var at = time(words.getFirst());
        if (at.isNegative()) {
            throw wrong(line);
        }
        return new Step(at, fault(line, words.subList(1, words.size())));
    }

    private static Fault fault(String line, List<String> words) {
        var shape = words.stream().skip(1).map(FaultScript::kind).collect(Collectors.joining());
        var verb = words.isEmpty() ? "" : words.getFirst();
        var who = words.size() > 1 ? words.get(1) : "";
        var last = words.isEmpty() ? "" : words.getLast();
        return switch (verb + shape) {
            case "kill W" -> new Fault.Kill(who);
            case "terminate W" -> new Fault.Terminate(who);
            case "restart W" -> new Fault.Restart(who);
            case "freeze W for T" -> new Fault.Freeze(who, span(last));
            case "skew W T" -> new Fault.Skew(who, time(last));
            case "stick W for T" -> new Fault.Stick(who, span(last));
            case "outage for T" -> new Fault.Outage(span(last));
            case "refuse for T" -> new Fault.Refuse(span(last));
            case "slow T for T" -> new Fault.Slow(span(who), span(last));
            case "errors W for T" -> new Fault.Errors(status(who), span(last));
            case "lose-watch W" -> new Fault.LoseWatch(who);
            case "silence-watch W for T" -> new Fault.SilenceWatch(who, span(last));
            case "delete-lease" -> new Fault.DeleteLease();
            case "edit-lease W" -> new Fault.EditLease(edit(who));
            default -> throw wrong(line);
        };
    }

    private static String kind(String word) {
        return "for".equals(word) ? " for" : TIME.matcher(word).matches() ? " T" : " W";
    }

    /** Whom a fault befalls; empty where it is the API server or the Lease. */
    public static Optional<String> candidate(Fault fault) {
        return switch (fault) {
            case Fault.Kill(String who) -> Optional.of(who);
            case Fault.Terminate(String who) -> Optional.of(who);
            case Fault.Restart(String who) -> Optional.of(who);
            case Fault.Freeze(String who, Duration _) -> Optional.of(who);
            case Fault.Skew(String who, Duration _) -> Optional.of(who);
            case Fault.Stick(String who, Duration _) -> Optional.of(who);
            case Fault.LoseWatch(String who) -> Optional.of(who);
            case Fault.SilenceWatch(String who, Duration _) -> Optional.of(who);
            case Fault.Outage _, Fault.Refuse _, Fault.Slow _, Fault.Errors _, Fault.DeleteLease _, Fault.EditLease _ ->
                Optional.empty();
        };
    }

    /** A fault as a line of a script has it, without the time. */
    public static String text(Fault fault) {
        return switch (fault) {
            case Fault.Kill(String who) -> "kill " + who;
            case Fault.Terminate(String who) -> "terminate " + who;
            case Fault.Restart(String who) -> "restart " + who;
            case Fault.Freeze(String who, Duration lasting) -> "freeze " + who + " for " + Durations.text(lasting);
            case Fault.Skew(String who, Duration by) -> "skew " + who + " " + Durations.text(by);
            case Fault.Stick(String who, Duration lasting) -> "stick " + who + " for " + Durations.text(lasting);
            case Fault.Outage(Duration lasting) -> "outage for " + Durations.text(lasting);
            case Fault.Refuse(Duration lasting) -> "refuse for " + Durations.text(lasting);
            case Fault.Slow(Duration by, Duration lasting) -> "slow " + Durations.text(by) + " for " + Durations.text(lasting);
            case Fault.Errors(int status, Duration lasting) -> "errors " + status + " for " + Durations.text(lasting);
            case Fault.LoseWatch(String who) -> "lose-watch " + who;
            case Fault.SilenceWatch(String who, Duration lasting) -> "silence-watch " + who + " for " + Durations.text(lasting);
            case Fault.DeleteLease() -> "delete-lease";
            case Fault.EditLease(var edit) -> "edit-lease " + word(edit);
        };
    }

    /** A step as a line of a script. */
    public static String text(Step step) {
        return Durations.text(step.at()) + " " + text(step.fault());
    }

    private static Duration span(String word) {
        var span = time(word);
        if (span.isNegative() || span.compareTo(Duration.ofHours(24)) > 0) {
            throw new IllegalArgumentException("\"" + word + "\" must be between 0s and 24h");
        }
        return span;
    }

    /** Reads a time such as {@code 1.5s}, {@code 200ms}, {@code -1h}. */
    public static Duration time(String word) {
        return word.startsWith("-")
                ? Durations.parse("a fault", word.substring(1)).negated()
                : Durations.parse("a fault", word);
    }

    private static int status(String word) {
        if (!word.matches("[45]\\d\\d")) {
            throw new IllegalArgumentException("\"" + Printable.words(word) + "\" is not a status from 400 to 599");
        }
        return Integer.parseInt(word);
    }

    private static Fault.Edit edit(String word) {
        return Arrays.stream(Fault.Edit.values())
                .filter(each -> word(each).equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("\"" + Printable.words(word) + "\" is not one of " + edits()));
    }

    private static String edits() {
        return Arrays.stream(Fault.Edit.values()).map(FaultScript::word).collect(Collectors.joining("|"));
    }

    private static String word(Fault.Edit edit) {
        return edit.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static IllegalArgumentException wrong(String line) {
        return new IllegalArgumentException(
                "\"" + Printable.words(line) + "\" is not a fault: TIME and one of " + String.join(", ", FORMS));
    }
}
