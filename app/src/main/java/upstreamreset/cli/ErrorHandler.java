// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import upstreamreset.wire.Printable;

/** Turns an exception into one sentence on stderr and an exit code; the stack trace only with {@code --debug}. */
final class ErrorHandler {
    private ErrorHandler() {}

    /** A wrong command line: the sentence, and where the help is. */
    static int usage(ParameterException e, String... args) {
        var command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + Printable.lines(Misuse.sentence(e)));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return Main.USAGE;
    }

    /** Work that failed: what it would have found is not known. */
    static int execution(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + sentence(e));
        Main main = (Main) command.getCommandSpec().root().userObject();
        if (main.debug) {
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            err.print(Printable.lines(trace.toString()));
        }
        return Main.UNREAD;
    }

    private static String sentence(Throwable e) {
        var message = e.getMessage();
        // It may quote an argument or the wire.
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : Printable.lines(message);
    }
}
