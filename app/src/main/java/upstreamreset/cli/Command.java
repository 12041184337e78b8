// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import upstreamreset.output.ResultFile;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;

/** One command: its fields, the syntax that sets them, and the work. */
abstract class Command implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this, ReflectiveFactory.PLAIN);

    /** Says what can be written, and the help's texts. */
    abstract void describe(Syntax syntax);

    /** For one use: reads one command line. */
    final CommandLine commandLine() {
        var syntax = new Syntax(spec);
        describe(syntax);
        return new CommandLine(syntax.complete(), ReflectiveFactory.PLAIN);
    }

    /** Whether {@code --} was on the command line. */
    final boolean separated() {
        return spec.commandLine().getParseResult().originalArgs().contains("--");
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Refuses two options that name one file: to write the second would destroy the first. */
    final void checkDistinct(String one, @Nullable Path file, String other, @Nullable Path otherFile)
            throws IOException {
        if (file != null && otherFile != null && ResultFile.same(file, otherFile)) {
            throw misuse(one + " and " + other + " name one file; name two");
        }
    }

    /** Refuses a file to write that is one of the {@code inputs}, or that stdin is read from or stdout goes to: - is stdin. */
    final void checkOutput(String option, @Nullable Path file, List<String> inputs) throws IOException {
        if (file == null || !Files.isRegularFile(file)) {
            return;
        }
        if (ResultFile.same(file, Path.of("/dev/stdout"))) {
            throw misuse(option + " would replace " + file + ", where stdout goes to; name another file");
        }
        var all = new ArrayList<>(inputs);
        all.add("-");
        for (var input : all) {
            if (ResultFile.same(file, input(input))) {
                throw misuse(option + " would replace " + file + ", which is read; name another file");
            }
        }
    }

    /** Writes a file that was asked for. */
    @FunctionalInterface
    interface Writing {
        void write() throws IOException;
    }

    /** Whether the file could be written; else it is said why. What was found before that is still the exit code. */
    final boolean wrote(Writing writing) {
        try {
            writing.write();
            return true;
        } catch (IOException e) {
            err().println(spec.qualifiedName() + ": " + ErrorHandler.sentence(e));
            return false;
        }
    }

    /** Refuses an input that stdout goes to, which would grow by what is said of it; - is stdin. */
    final void checkInput(String input) throws IOException {
        var stdout = Path.of("/dev/stdout");
        if (!Files.isRegularFile(stdout)) {
            return;
        }
        var file = input(input);
        if (Files.isRegularFile(file) && ResultFile.same(file, stdout)) {
            throw misuse("stdout goes to the file that is read" + (input.equals("-") ? "" : ", " + input)
                    + "; redirect it to another");
        }
    }

    private static Path input(String name) {
        return Path.of(name.equals("-") ? "/dev/stdin" : name);
    }

    /** Throws {@code IllegalArgumentException} where {@code --port} is none. */
    static void checkPort(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("--port must be 1 to 65535, not " + port);
        }
    }

    /** That the command line is wrong, for a reason that picocli does not know. */
    final ParameterException misuse(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** Converts the argument to a value; an invalid one is a wrong command line. */
    final <T> T usage(Supplier<T> argument) {
        try {
            return argument.get();
        } catch (IllegalArgumentException e) {
            throw misuse(e);
        }
    }

    /** Checks the arguments; an error is a wrong command line. */
    final void usage(Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            throw misuse(e);
        }
    }

    final ParameterException misuse(IllegalArgumentException reason) {
        return new ParameterException(spec.commandLine(), String.valueOf(reason.getMessage()), reason);
    }

    /** The scenarios in the order of their names; a name that is none ends with one sentence and the nearest that are. */
    final List<Scenario> scenarios(List<String> names) {
        var catalogue = new Catalogue();
        return names.stream()
                .map(name -> catalogue.find(name).orElseThrow(() -> unknown(name, catalogue.nearest(name))))
                .toList();
    }

    private ParameterException unknown(String scenario, List<String> nearest) {
        var hint = nearest.isEmpty()
                ? "the scenarios are listed by 'upstream-reset scenarios'"
                : "did you mean " + String.join(" or ", nearest) + "?";
        return misuse("there is no scenario '" + scenario + "'; " + hint);
    }
}
