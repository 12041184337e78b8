// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import upstreamreset.output.Nearest;

/**
 * Describes in one sentence what is wrong with a command line and what to write instead, in our words for picocli's
 * errors.
 */
final class Misuse {
    private Misuse() {}

    /** For the command line {@code args}. */
    static String sentence(ParameterException e, String... args) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing -> {
                var argument = missing.getMissing().getFirst();
                yield argument.isPositional()
                        ? unknownOption(e.getCommandLine(), args).orElseGet(() -> missing(argument))
                        : missing(argument);
            }
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice; give it once";
            case ParameterException _
            when e.getArgSpec() != null ->
                name(e.getArgSpec()) + " " + expected(type(e.getArgSpec())) + ", not '" + e.getValue() + "'";
            case ParameterException _
            when hasCommands(e.getCommandLine()) ->
                "the command is missing; "
                        + commands(e.getCommandLine().getSubcommands().keySet());
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String unmatched(UnmatchedArgumentException e) {
        var command = e.getCommandLine();
        var word = e.getUnmatched().getFirst();
        if (e.isUnknownOption()) {
            return noOption(command, word);
        }
        if (hasCommands(command)) {
            return noCommand(word, command.getSubcommands().keySet());
        }
        return "'" + word + "' is one word too many: " + command.getCommandName() + " takes "
                + (positionals(command).isEmpty()
                        ? "options only"
                        : "one " + positionals(command).getFirst().paramLabel().replaceAll("[\\[\\]]", ""));
    }

    /** The first word of {@code args} that looks like an option and is none; words behind {@code --} are operands. */
    private static Optional<String> unknownOption(CommandLine command, String... args) {
        return Arrays.stream(args)
                .takeWhile(word -> !word.equals("--"))
                .filter(word -> word.startsWith("--") && !hasOption(command.getCommandSpec(), optionName(word)))
                .findFirst()
                .map(word -> noOption(command, word));
    }

    private static boolean hasOption(CommandSpec command, String name) {
        return command.optionsMap().containsKey(name)
                || command.root().optionsMap().containsKey(name);
    }

    private static String optionName(String word) {
        return word.replaceFirst("=.*", "");
    }

    /** That {@code word} is none of the options, and which it may have been meant to be. */
    private static String noOption(CommandLine command, String word) {
        var names = Stream.of(command.getCommandSpec(), command.getCommandSpec().root())
                .flatMap(spec -> spec.options().stream())
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .distinct()
                .toList();
        var nearest = Nearest.of(optionName(word), names).stream().findFirst();
        return "there is no option " + word
                + nearest.map(option -> "; did you mean " + option + "?").orElse("");
    }

    private static List<PositionalParamSpec> positionals(CommandLine command) {
        return command.getCommandSpec().positionalParameters();
    }

    private static boolean hasCommands(CommandLine command) {
        return !command.getSubcommands().isEmpty();
    }

    private static String commands(Collection<String> names) {
        return "the commands are " + String.join(", ", names);
    }

    /** That {@code word} is none of the commands, and which it may have been meant to be. */
    static String noCommand(String word, Collection<String> names) {
        var nearest = Nearest.of(word, names);
        return "there is no command '" + word + "'; "
                + (nearest.isEmpty() ? commands(names) : "did you mean " + String.join(" or ", nearest) + "?");
    }

    private static String missing(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName() + " needs a value: " + option.longestName() + "=" + option.paramLabel()
                : oneOnly(argument) ? word(argument) + " is missing" : "at least one " + word(argument) + " is needed";
    }

    /** Whether the command takes one such operand; a COMMAND behind it is none. */
    private static boolean oneOnly(ArgSpec argument) {
        return argument.arity().max() == 1 || argument.paramLabel().contains(" ");
    }

    private static String word(ArgSpec argument) {
        return argument.paramLabel().replaceFirst(" .*", "");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    /** Of one value, also where an option takes many. */
    private static Class<?> type(ArgSpec argument) {
        return argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            var words = Arrays.stream(type.getEnumConstants())
                    .map(each -> ((Enum<?>) each).name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            return "expects " + words.replaceFirst(", (?=[^,]*$)", " or ");
        }
        if (type == Boolean.class) {
            return "takes no value";
        }
        return Number.class.isAssignableFrom(type) ? "expects a whole number" : "expects a path";
    }
}
