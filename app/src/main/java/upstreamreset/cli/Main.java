// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import upstreamreset.output.Terminal;
import upstreamreset.output.TerminalWriter;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** The root command: {@link #run} maps arguments to an exit code, {@link #main} only exits with it. */
public final class Main {
    /** In the order of the help. */
    static final Map<String, Supplier<Command>> COMMANDS = commands();

    /** No finding, and all that may have mattered was read. */
    public static final int CLEAN = 0;

    /** Findings, also when a part was not read. */
    public static final int FOUND = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** No finding, but what may have mattered could not be read or reached (a file, a server, a cluster, an Envoy), or the result not be written. */
    public static final int UNREAD = 3;

    private static volatile boolean threadFailed;

    boolean debug;
    private boolean showSecrets;

    private Main() {}

    /** The exit code of work that found something or could not read something. */
    static int exitCode(boolean found, boolean unread) {
        if (found) {
            return FOUND;
        }
        return unread ? UNREAD : CLEAN;
    }

    /** Runs one command line. Nothing is written but to {@code out} (the result) and {@code err} (everything else). */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        // The same figures everywhere: a decimal comma or Arabic digits would be this machine's only.
        Locale.setDefault(Locale.US);
        if (args.length > 0 && args[0].equals(Completion.COMMAND)) {
            return complete(out, Arrays.asList(args).subList(1, args.length));
        }
        var commandLine = commandLine(args)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A word that begins with @ is what it says: picocli would read a file of options in its place.
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(Terminal.current().columns())
                .setColorScheme(Help.defaultColorScheme(Terminal.current().colour() ? Ansi.ON : Ansi.OFF))
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler(ErrorHandler::usage)
                .setExecutionExceptionHandler(ErrorHandler::execution);
        if (args.length == 0) {
            commandLine.usage(err);
            err.flush();
            return USAGE;
        }
        int code;
        try {
            code = commandLine.execute(args);
        } catch (StackOverflowError | OutOfMemoryError | LinkageError e) {
            code = ErrorHandler.error(e, err, List.of(args).contains("--debug"));
        }
        out.flush();
        err.flush();
        return code;
    }

    /** The root, with the command that is called, if it is the first word: that saves to make the others. */
    private static CommandLine commandLine(String... args) {
        // Converters to types that no option of ours has: picocli looks them up by reflection, twice a start.
        System.setProperty("picocli.converters.excludes", "java[.](time|sql)[.].*");
        var root = new CommandLine(new Main().spec(), ReflectiveFactory.PLAIN);
        var called = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (called == null) {
            COMMANDS.forEach(
                    (name, command) -> root.addSubcommand(name, command.get().commandLine()));
        } else {
            root.addSubcommand(args[0], called.get().commandLine());
        }
        return root;
    }

    private static int complete(PrintWriter out, List<String> words) {
        int code = new Completion(out, new ClusterNames()).print(words);
        out.flush();
        return code;
    }

    /** The root's options, for shell completion. */
    static CommandSpec rootSpec() {
        return new Main().spec();
    }

    private static int execute(ParseResult parsed) {
        Main main = (Main) parsed.commandSpec().root().userObject();
        var strategy = new CommandLine.RunLast();
        return main.showSecrets ? Secrets.showing(() -> strategy.execute(parsed)) : strategy.execute(parsed);
    }

    private CommandSpec spec() {
        var spec =
                CommandSpec.wrapWithoutInspection(this, ReflectiveFactory.PLAIN).name(ProgramName.current());
        var syntax = new Syntax(spec);
        syntax.help()
                .description("Finds out why Envoy in Istio answers \"upstream connect error or disconnect/reset before"
                        + " headers\": from access logs, Pods, captures and live servers. Reproduces the"
                        + " failure with a real Envoy.")
                .synopsisSubcommandLabel("COMMAND")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(UsageMessageSpec.keyValuesMap(
                        CLEAN + ":no finding",
                        FOUND + ":findings, even if part of the input could not be read",
                        USAGE + ":wrong command line",
                        UNREAD
                                + ":no finding, but something that may matter could not be read or reached: a"
                                + " file, part of a capture, a server, a cluster, an Envoy; or the result could"
                                + " not be written"));
        syntax.flag("--debug", value -> debug = value)
                .scopeType(ScopeType.INHERIT)
                .description("Show stack traces.");
        syntax.flag("--show-secrets", value -> showSecrets = value)
                .scopeType(ScopeType.INHERIT)
                .description("Show the values of these fields instead of asterisks: "
                        + String.join(", ", Secrets.FIELDS) + ".");
        syntax.option("--color", "WHEN", ColourChoice.class, value -> {})
                .scopeType(ScopeType.INHERIT)
                .description("Colours: auto (on a terminal, unless NO_COLOR is set), always or never. Default: auto.");
        return syntax.complete();
    }

    /** Read by {@link Terminal#of}, before the command line is parsed. */
    private enum ColourChoice {
        AUTO,
        ALWAYS,
        NEVER
    }

    private static Map<String, Supplier<Command>> commands() {
        var commands = new LinkedHashMap<String, Supplier<Command>>();
        commands.put("reproduce", ReproduceCommand::new);
        commands.put("scenarios", ScenariosCommand::new);
        commands.put("matrix", MatrixCommand::new);
        commands.put("probe", ProbeCommand::new);
        commands.put("diagnose", DiagnoseCommand::new);
        commands.put("sidecar", SidecarCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("capture", CaptureCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put(CompletionCommand.NAME, CompletionCommand::new);
        commands.put("help", HelpCommand::new);
        return commands;
    }

    /** Runs one command line on this process's stdout and stderr. */
    static int run(String... args) {
        var stdout = new Stdout();
        stdout.use();
        var terminal = Terminal.of(System.getProperty(Terminal.PROPERTY, ""), System.getenv(), Arrays.asList(args));
        terminal.use();
        Writer text = new OutputStreamWriter(stdout, StandardCharsets.UTF_8);
        boolean script = args.length > 0 && args[0].equals(CompletionCommand.NAME);
        if (!script && (terminal.isTerminal() || terminal.colour())) {
            text = new TerminalWriter(text, terminal);
        }
        var out = new PrintWriter(text, false);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        // A thread that reads for the command may fail too: then it has not read all.
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> {
            threadFailed = true;
            if (e instanceof Error error) {
                ErrorHandler.error(error, err, List.of(args).contains("--debug"));
            } else {
                err.println("upstream-reset: part of the work failed: " + Printable.lines(e.toString()));
            }
        });
        int code = run(out, err, args);
        if (threadFailed && code == CLEAN) {
            code = UNREAD;
        }
        if (stdout.lost() == null) {
            return code;
        }
        err.println("the result could not be written: " + stdout.lost());
        return code == CLEAN ? UNREAD : code;
    }

    /**
     * Ends by {@code halt}: {@code exit} looks for a logger to tell of it, which was a tenth of a short command's time. The
     * shutdown hooks, which {@code halt} leaves out, are for signals; what a command began it has closed by now.
     */
    public static void main(String... args) {
        Runtime.getRuntime().halt(run(args));
    }
}
