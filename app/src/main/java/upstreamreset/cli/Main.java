// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command: {@link #run} maps arguments to an exit code, {@link #main} only exits with it. */
@Command(
        name = "upstream-reset",
        description =
                "Reproduces, shows and names Envoy's \"upstream connect error or disconnect/reset before headers\".",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:clean", "1:found something, or failed", "2:the command line is wrong"})
public final class Main {
    /** In the order of the help. */
    static final Map<String, Supplier<Object>> COMMANDS = commands();

    /** Everything came out as expected. */
    public static final int CLEAN = 0;

    /** Something was found, or the work failed. */
    public static final int FOUND_OR_FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show stack traces.")
    boolean debug;

    private Main() {}

    /** Runs one command line. Nothing is written but to {@code out} (the result) and {@code err} (everything else). */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        var commandLine = commandLine(args)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(new ErrorHandler.Usage())
                .setExecutionExceptionHandler(new ErrorHandler.Execution());
        if (args.length == 0) {
            commandLine.usage(err);
            err.flush();
            return USAGE;
        }
        int code = commandLine.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    /** The root, with the command that is called, if it is the first word: reading the others' annotations costs a tenth of a start. */
    private static CommandLine commandLine(String... args) {
        var root = new CommandLine(new Main());
        var called = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (called == null) {
            COMMANDS.forEach((name, command) -> root.addSubcommand(name, command.get()));
        } else {
            root.addSubcommand(args[0], called.get());
        }
        return root;
    }

    private static Map<String, Supplier<Object>> commands() {
        var commands = new LinkedHashMap<String, Supplier<Object>>();
        commands.put("reproduce", ReproduceCommand::new);
        commands.put("scenarios", ScenariosCommand::new);
        commands.put("matrix", MatrixCommand::new);
        commands.put("probe", ProbeCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put("election", ElectionCommand::new);
        return commands;
    }

    public static void main(String... args) {
        var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), false);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(run(out, err, args));
    }
}
