// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
        subcommands = {
            ReproduceCommand.class,
            ScenariosCommand.class,
            MatrixCommand.class,
            ProbeCommand.class,
            ExplainCommand.class,
            InspectCommand.class,
            ServeCommand.class,
            ElectionCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:clean", "1:found something, or failed", "2:the command line is wrong"})
public final class Main {
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
        var main = new Main();
        var commandLine = new CommandLine(main)
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

    public static void main(String... args) {
        var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), false);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(run(out, err, args));
    }
}
