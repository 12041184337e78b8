// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import upstreamreset.wire.Printable;

/** Turns an exception or error into one sentence on stderr and an exit code; the stack trace only with {@code --debug}. */
final class ErrorHandler {
    private ErrorHandler() {}

    /** A wrong command line: the sentence, and where the help is. */
    static int usage(ParameterException e, String... args) {
        var command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + Printable.lines(Misuse.sentence(e, args)));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return Main.USAGE;
    }

    /** Failed work, whose findings are unknown. */
    static int execution(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + sentence(e));
        Main main = (Main) command.getCommandSpec().root().userObject();
        if (main.debug) {
            err.print(trace(e));
        }
        return Main.UNREAD;
    }

    /** An error of the JVM: what the work would have found is not known. */
    static int error(Error e, PrintWriter err, boolean debug) {
        err.println("upstream-reset: " + sentence(e));
        if (debug) {
            err.print(trace(e));
        }
        err.flush();
        return Main.UNREAD;
    }

    private static String sentence(Error e) {
        if (e instanceof OutOfMemoryError) {
            return "there is not enough memory for this input ("
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB may be used); split the input, or allow more memory with JAVA_TOOL_OPTIONS=-Xmx1g";
        }
        if (e instanceof StackOverflowError) {
            return "this input is nested too deeply";
        }
        return "this is an internal error, or the installation is damaged: " + Printable.line(e.toString());
    }

    private static String trace(Throwable e) {
        var trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return Printable.lines(trace.toString());
    }

    static String sentence(Throwable e) {
        var message = e.getMessage();
        if (e instanceof InvalidPathException && message != null && message.contains("unmappable characters")) {
            return "a file name has characters that this locale does not support; set LC_ALL=C.UTF-8";
        }
        if (e instanceof FileSystemException failed && failed.getReason() == null && failed.getFile() != null) {
            return Printable.lines(failed.getFile()) + ": " + reason(failed);
        }
        // It may quote an argument or the wire.
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : Printable.lines(message);
    }

    /** What the exception's class says: of some it names the file alone. */
    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it is there already";
            case NotDirectoryException _ -> "it is no folder";
            default -> e.getClass().getSimpleName();
        };
    }
}
