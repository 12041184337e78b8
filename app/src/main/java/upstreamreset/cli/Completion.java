// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.envoy.install.IstioRelease;
import upstreamreset.explain.KnownCause;
import upstreamreset.framework.Framework;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;

/**
 * Decides which words can come next on a command line. {@code upstream-reset __complete WORD…} prints it, where the
 * last word is still being typed. The protocol is that of cobra's programs and kubectl's plugins: one candidate per
 * line, a tab before its description, and at the end a colon with directives for the shell.
 */
final class Completion {
    /** As cobra calls it. */
    static final String COMMAND = "__complete";

    private static final int MAX_DESCRIPTION = 80;

    /** Directives for the shell besides offering the candidates; the numbers are cobra's. */
    private static final int FILES_TOO = 0;

    private static final int NO_SPACE = 2;
    private static final int NO_FILES = 4;

    private final PrintWriter out;
    private final CompletedNames cluster;
    private final CommandSpec root = Main.rootSpec();

    /** For the shell that reads {@code out}; {@code cluster} knows what only a cluster or a kubeconfig does. */
    Completion(PrintWriter out, CompletedNames cluster) {
        this.out = out;
        this.cluster = cluster;
    }

    /** Prints the candidates for the last of {@code words}. */
    int print(List<String> words) {
        var typed = words.isEmpty() ? "" : words.getLast();
        var before = words.isEmpty() ? List.<String>of() : words.subList(0, words.size() - 1);
        int command = 0;
        while (command < before.size() && before.get(command).startsWith("-")) {
            command += takesNext(root, before.get(command)) ? 2 : 1;
        }
        if (command >= before.size()) {
            behind(root, before, typed, _ -> commands(typed));
            return Main.CLEAN;
        }
        @Nullable Supplier<Command> called = Main.COMMANDS.get(before.get(command));
        if (called == null) {
            end(NO_FILES);
        } else {
            var spec = called.get().commandLine().getCommandSpec();
            var behind = before.subList(command + 1, before.size());
            behind(spec, behind, typed, operands -> operand(spec, behind, operands, typed));
        }
        return Main.CLEAN;
    }

    private void commands(String typed) {
        Main.COMMANDS.forEach((name, command) -> candidate(
                typed,
                name,
                String.join(
                        " ",
                        command.get()
                                .commandLine()
                                .getCommandSpec()
                                .usageMessage()
                                .description())));
        end(NO_FILES);
    }

    /** What can stand behind {@code before}, which follow the command; {@code operand} is for what is no option, and takes the operands before. */
    private void behind(CommandSpec command, List<String> before, String typed, Consumer<List<String>> operand) {
        boolean operandsOnly = before.contains("--");
        int equals = typed.indexOf('=');
        if (!operandsOnly && typed.startsWith("--") && equals > 0) {
            find(command, typed.substring(0, equals))
                    .ifPresentOrElse(
                            option -> values(option, before, typed.substring(equals + 1)), () -> end(NO_FILES));
            return;
        }
        var last = before.isEmpty() || operandsOnly
                ? Optional.<OptionSpec>empty()
                : find(command, before.getLast()).filter(Completion::takesValue);
        if (last.isPresent()) {
            values(last.get(), before, typed);
        } else if (!operandsOnly && typed.startsWith("-")) {
            options(command, before, typed);
        } else {
            operand.accept(operands(command, before));
        }
    }

    /** The words that are neither an option nor its value. */
    private List<String> operands(CommandSpec command, List<String> words) {
        var operands = new ArrayList<String>();
        int at = 0;
        while (at < words.size()) {
            var word = words.get(at);
            if (word.equals("--")) {
                operands.addAll(words.subList(at + 1, words.size()));
                break;
            }
            if (!word.startsWith("-")) {
                operands.add(word);
            }
            at += takesNext(command, word) ? 2 : 1;
        }
        return operands;
    }

    /** Whether the word behind {@code word} is its value. */
    private boolean takesNext(CommandSpec command, String word) {
        return find(command, word).filter(Completion::takesValue).isPresent();
    }

    private void options(CommandSpec command, List<String> before, String typed) {
        Stream.concat(command.options().stream(), inherited(command))
                .filter(option -> !option.hidden())
                .filter(option ->
                        option.isMultiValue() || Arrays.stream(option.names()).noneMatch(before::contains))
                .forEach(option -> candidate(typed, option.longestName(), String.join(" ", option.description())));
        end(NO_FILES);
    }

    /** The root's options that commands accept too. */
    private Stream<OptionSpec> inherited(CommandSpec command) {
        return root.options().stream().filter(option -> !command.optionsMap().containsKey(option.longestName()));
    }

    private Optional<OptionSpec> find(CommandSpec command, String name) {
        return Optional.ofNullable(command.optionsMap().get(name))
                .or(() -> Optional.ofNullable(root.optionsMap().get(name)));
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().min() > 0;
    }

    private void values(OptionSpec option, List<String> before, String typed) {
        var type = option.auxiliaryTypes().length > 0 ? option.auxiliaryTypes()[0] : option.type();
        // A list that commas part.
        var chosen = option.splitRegex().isEmpty() ? "" : typed.substring(0, typed.lastIndexOf(',') + 1);
        if (type.isEnum()) {
            Arrays.stream(type.getEnumConstants())
                    .map(each -> ((Enum<?>) each).name().toLowerCase(Locale.ROOT))
                    .forEach(each -> candidate(typed, chosen + each, ""));
            end(NO_FILES);
        } else if (type == Path.class || option.paramLabel().equals("FILE")) {
            end(FILES_TOO);
        } else {
            named(option, before).forEach(each -> candidate(typed, chosen + each, ""));
            end(NO_FILES);
        }
    }

    private List<String> named(OptionSpec option, List<String> before) {
        return switch (option.longestName()) {
            case "--context" -> cluster.contexts(before);
            case "--namespace" -> cluster.namespaces(before);
            case "--pod" -> cluster.pods(before);
            case "--envoy-version" -> EnvoyBinary.pinnedVersions();
            case "--istio-version" -> IstioRelease.versions();
            case "--framework" -> List.of(Framework.ids().split(", ", -1));
            case "--codec-log" -> List.of("fields");
            case "--request" -> List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
            case "--flag" ->
                expected(each ->
                        Stream.of(each.expectation().flags().split(",", -1)).filter(flag -> flag.matches("[A-Z]+")));
            case "--status" ->
                expected(each -> Stream.of(String.valueOf(each.expectation().status())));
            // A label that is the choice: on|off.
            default ->
                option.paramLabel().contains("|") ? List.of(option.paramLabel().split("\\|", -1)) : List.of();
        };
    }

    /** What the catalogue expects somewhere, each once. */
    private static List<String> expected(Function<Scenario, Stream<String>> words) {
        return new Catalogue().all().stream().flatMap(words).distinct().sorted().toList();
    }

    private void operand(CommandSpec command, List<String> before, List<String> operands, String typed) {
        var label = command.positionalParameters().isEmpty()
                ? ""
                : command.positionalParameters().getFirst().paramLabel();
        switch (label.replaceFirst(" .*", "")) {
            case "SCENARIO" -> {
                new Catalogue()
                        .all().stream()
                                .filter(scenario -> !operands.contains(scenario.name()))
                                .forEach(scenario -> candidate(typed, scenario.name(), scenario.sentence()));
                end(NO_FILES);
            }
            case "LINE" -> {
                KnownCause.all().forEach(cause -> candidate(typed, cause.id(), cause.words()));
                end(FILES_TOO);
            }
            case "FILE" -> end(FILES_TOO);
            case "TARGET" -> target(before, operands, typed);
            case "SHELL" -> words(CompletionCommand.SHELLS, operands, typed);
            case "[COMMAND]" -> words(Main.COMMANDS.keySet(), operands, typed);
            // Behind -- the command line of another program.
            case "URL" -> end(before.contains("--") ? FILES_TOO : NO_FILES);
            default -> end(NO_FILES);
        }
    }

    /** One of {@code words}. */
    private void words(Collection<String> words, List<String> operands, String typed) {
        if (operands.isEmpty()) {
            words.forEach(each -> candidate(typed, each, ""));
        }
        end(NO_FILES);
    }

    /** The first operand; a PATH behind it is asked of the app, and nobody here knows one. */
    private void target(List<String> before, List<String> operands, String typed) {
        boolean labels = before.stream().anyMatch(word -> word.equals("-l") || word.startsWith("--selector"));
        var found = operands.isEmpty() && !labels ? cluster.targets(before, typed) : List.<String>of();
        found.forEach(each -> candidate(typed, each, ""));
        end(
                found.stream().anyMatch(each -> each.startsWith(typed) && each.endsWith("/"))
                        ? NO_FILES | NO_SPACE
                        : NO_FILES);
    }

    private void candidate(String typed, String word, String description) {
        if (word.startsWith(typed) && !word.isEmpty()) {
            var sentence = firstSentence(description);
            out.println(sentence.isEmpty() ? word : word + "\t" + sentence);
        }
    }

    /** In one line, and short: a shell shows it beside the word. */
    private static String firstSentence(String description) {
        var line = description.replaceAll("%n|\\s+", " ").replace("%%", "%").strip();
        int end = line.indexOf(". ");
        var sentence = end < 0 ? line.replaceFirst("\\.$", "") : line.substring(0, end);
        return sentence.length() <= MAX_DESCRIPTION
                ? sentence
                : sentence.substring(0, sentence.lastIndexOf(' ', MAX_DESCRIPTION)) + " …";
    }

    private void end(int directive) {
        out.println(":" + directive);
    }
}
