// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The syntax of a command's options and operands, and the field that each one sets; a field's initial value is the
 * default.
 *
 * <p>It is code instead of picocli's annotations: for each annotation type that it reads, the JVM generates a proxy
 * class at every start, which took more than half of a short command's time.
 */
final class Syntax {
    private final CommandSpec command;
    private final List<OptionSpec.Builder> options = new ArrayList<>();
    private final List<PositionalParamSpec.Builder> operands = new ArrayList<>();

    Syntax(CommandSpec command) {
        this.command = command;
        command.versionProvider(new Version());
        help().sortOptions(false);
    }

    /** The help's texts around the options. */
    UsageMessageSpec help() {
        return command.usageMessage();
    }

    /** An option without a value. */
    OptionSpec.Builder flag(String name, Consumer<Boolean> field) {
        return option(name, "", Boolean.class, field);
    }

    /** An option with a value, which can be given once. */
    <T> OptionSpec.Builder option(String name, String label, Class<T> type, Consumer<T> field) {
        return add(OptionSpec.builder(name).paramLabel(label).type(type).setter(new Field<>(type, field)));
    }

    /** An option whose values collect when it is given again. */
    <T> OptionSpec.Builder repeated(String name, String label, Class<T> type, List<T> field) {
        var values = new Values<>(type, field);
        return add(OptionSpec.builder(name)
                .paramLabel(label)
                .type(ArrayList.class)
                .auxiliaryTypes(type)
                .getter(values)
                .setter(values));
    }

    /** The operands, at least {@code least} of them. */
    PositionalParamSpec.Builder operands(String label, int least, List<String> field) {
        var values = new Values<>(String.class, field);
        var builder = PositionalParamSpec.builder()
                .paramLabel(label)
                .arity(least + "..*")
                .required(least > 0)
                .type(ArrayList.class)
                .auxiliaryTypes(String.class)
                .hasInitialValue(false)
                .getter(values)
                .setter(values);
        operands.add(builder);
        return builder;
    }

    private OptionSpec.Builder add(OptionSpec.Builder builder) {
        options.add(builder.hasInitialValue(false));
        return builder;
    }

    /** Ends it with the options that every command has. */
    CommandSpec complete() {
        operands.forEach(each -> command.addPositional(each.build()));
        options.forEach(each -> command.addOption(each.build()));
        help().footer(ProgramName.help(ProgramName.current(), help().footer()));
        return command.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    /** A field, as picocli sets it. */
    private record Field<T>(Class<T> type, Consumer<T> field) implements ISetter {
        @Override
        public <V> V set(V value) {
            field.accept(type.cast(value));
            return value;
        }
    }

    /** A list, as picocli fetches it, adds to it, and sets it. */
    private record Values<T>(Class<T> type, List<T> field) implements IGetter, ISetter {
        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the signature is picocli's
        public <V> V get() {
            return (V) field;
        }

        @Override
        public <V> V set(V value) {
            var values = ((List<?>) value).stream().map(type::cast).toList();
            field.clear();
            field.addAll(values);
            return value;
        }
    }
}
