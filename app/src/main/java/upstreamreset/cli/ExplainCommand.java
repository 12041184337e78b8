// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.accesslog.LogInput;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.explain.CatalogueText;
import upstreamreset.explain.Explainer;
import upstreamreset.explain.ExplanationJson;
import upstreamreset.explain.ExplanationText;
import upstreamreset.explain.IstioVersion;
import upstreamreset.explain.LiveLog;
import upstreamreset.explain.LogDigest;
import upstreamreset.explain.Place;
import upstreamreset.wire.Printable;

/** {@code explain}: says what access-log lines mean, which hop made the error, and what to run next. */
final class ExplainCommand extends Command {
    private static final int MAX_PIPE = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,252}");
    private static final int MAX_NAME = 4096;

    private final List<String> lines = new ArrayList<>();
    private final LogFormatOption format = new LogFormatOption();
    private @Nullable String istioVersion;
    private @Nullable String namespace;
    private @Nullable String pod;
    private boolean list;
    private final OutputOption output = new OutputOption();

    InputStream in = System.in;
    BooleanSupplier isTerminal = ProgressLine::isTerminal;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description("Explains log lines and Envoy's error replies: which hop made the error, why, and which"
                        + " command to run next.")
                .footer(
                        "%nReads Istio's text format, Envoy's default format, JSON with Istio's keys, and the debug lines of Envoy's"
                                + " \"client\" logger. Lines with the same x-request-id are one request: paste the client's and the server's"
                                + " sidecar together. A long log is summarized.",
                        "%nIt also explains other texts: Envoy's reply (upstream connect error or disconnect/reset before headers"
                                + " ...), a flag (503 UC) or its long name, response code details, a message of Envoy's codec, Envoy's"
                                + " counters, the output of curl -v or curl -i, ztunnel's lines, and the errors of nginx, HAProxy, Go,"
                                + " Java, Node and Python about the same bytes.",
                        "%nFrom a log that is still being written (kubectl logs -f), it reports each failed request as it comes, and"
                                + " the totals at the end or at Ctrl-C.",
                        "%nExamples:",
                        "  kubectl logs http-chunked-0 -c istio-proxy | upstream-reset explain",
                        "  kubectl logs -f http-chunked-0 -c istio-proxy | upstream-reset explain",
                        "  upstream-reset explain '503 UC'",
                        "  curl -v http://http-chunked-0:8080/wrong 2>&1 | upstream-reset explain",
                        "  upstream-reset explain --format '%%RESPONSE_CODE%% %%RESPONSE_FLAGS%%' < access.log");
        syntax.operands("LINE", 0, lines)
                .description("Log lines or other texts, each quoted, or files with them. Default, or with -: stdin,"
                        + " plain or gzip.");
        format.addTo(syntax);
        syntax.option("--istio-version", "VERSION", String.class, value -> istioVersion = value)
                .description("Istio version of the logs. Before 1.10 a malformed response was 503 UC.");
        syntax.option("--namespace", "NAMESPACE", String.class, value -> namespace = value)
                .names("-n", "--namespace")
                .description("The namespace for the printed commands, if a log line does not name it.");
        syntax.option("--pod", "POD", String.class, value -> pod = value)
                .description("The Pod for the printed commands, if a log line does not name it.");
        syntax.flag("--list", value -> list = value)
                .description("List the ids of all causes. An id as the only LINE explains that cause.");
        output.addTo(syntax);
    }

    @Override
    public Integer call() throws IOException {
        if (list) {
            new CatalogueText(out()).list();
            return Main.CLEAN;
        }
        if (lines.size() == 1 && new CatalogueText(out()).explain(lines.getFirst())) {
            return Main.CLEAN;
        }
        var digest = new LogDigest(reader(), new Explainer(version(), place()));
        var log = new LiveLog(
                digest,
                switch (output.format) {
                    case TEXT -> new ExplanationText(out());
                    case JSON -> new ExplanationJson(out());
                });
        if (lines.isEmpty() || lines.equals(List.of("-"))) {
            checkInput("-");
            if (isTerminal.getAsBoolean()) {
                err().println("upstream-reset explain: waiting for log lines: paste them, then press Ctrl-D. Or"
                        + " pipe them in: kubectl logs POD -c istio-proxy | upstream-reset explain");
            }
            return watch(log, in, "stdin");
        }
        if (lines.size() == 1 && PipeInput.isPipe(lines.getFirst())) {
            try (var pipe = new PipeInput(Path.of(lines.getFirst()))) {
                return watch(log, pipe, Printable.of(lines.getFirst()));
            }
        }
        return end(log, given(digest));
    }

    /** Results may be reported before the end. */
    private int watch(LiveLog log, InputStream in, String name) throws IOException {
        try (var watch = new LogWatch(log)) {
            Optional<String> problem;
            try (var progress = new ProgressLine(err())) {
                problem = LogInput.read(new WantedInput(in), watch, progress.reading(name, size(in)));
            }
            watch.stopBeats();
            return end(log, problem.map(why -> name + ": " + why));
        }
    }

    /** Reports the part that was read; {@code problem} is why it is incomplete. */
    private int end(LiveLog log, Optional<String> problem) {
        var digest = log.digest();
        problem.ifPresent(why -> err().println("upstream-reset explain: " + why));
        var summary = digest.summary();
        var codec = digest.unclaimedRefusals();
        if (summary.lines() == 0) {
            if (problem.isEmpty()) {
                err().println("upstream-reset explain: no input; give access-log lines as arguments or on stdin.");
            }
            return Main.UNREAD;
        }
        if (summary.foreign() > 0) {
            err().println(ExplanationText.foreign(summary, format.given()));
        }
        if (summary.requests() == 0 && codec.isEmpty() && !digest.hasScraps()) {
            if (summary.foreign() == 0 && problem.isEmpty()) {
                err().println(
                                "upstream-reset explain: nothing in it tells of a request: neither a log line nor an error"
                                        + " that this tool knows.");
            }
            return Main.UNREAD;
        }
        log.end();
        return Main.exitCode(summary.failed() > 0 || !codec.isEmpty() || digest.scrapsFailed(), problem.isPresent());
    }

    /** Each operand is a line or a file of lines; what a shell made many words of is one line. */
    private Optional<String> given(LogDigest digest) throws IOException {
        Optional<String> problem = Optional.empty();
        if (isOneLineInWords()) {
            digest.add(String.join(" ", lines));
            return problem;
        }
        for (var operand : lines) {
            if (operand.length() < MAX_NAME && new File(operand).isDirectory()) {
                problem = problem.or(() -> Optional.of(Printable.of(operand) + ": it is a folder; name a file in it"));
                continue;
            }
            if (!isFile(operand)) {
                operand.lines().forEach(digest::add);
                continue;
            }
            checkInput(operand);
            try (var file = Files.newInputStream(Path.of(operand));
                    var progress = new ProgressLine(err())) {
                var why = LogInput.read(file, digest::add, progress.reading(operand, Files.size(Path.of(operand))));
                problem = problem.or(() -> why.map(each -> Printable.of(operand) + ": " + each));
            } catch (IOException e) {
                problem = problem.or(
                        () -> Optional.of(Printable.of(operand) + ": " + Printable.of(String.valueOf(e.getMessage()))));
            }
        }
        return problem;
    }

    private static boolean isFile(String operand) {
        return operand.length() < MAX_NAME
                && operand.indexOf('\n') < 0
                && (new File(operand).isFile() || PipeInput.isPipe(operand));
    }

    /** Whether the shell ate the quotes of a pasted line: then the words together are a line, and none of them is by itself. */
    private boolean isOneLineInWords() {
        if (lines.size() < 2 || format.given() || lines.stream().anyMatch(ExplainCommand::isFile)) {
            return false;
        }
        var reader = new LogReader();
        return isRequest(reader.read(String.join(" ", lines)))
                && lines.stream().map(reader::read).noneMatch(ExplainCommand::isRequest);
    }

    private static boolean isRequest(LogLine line) {
        return line instanceof LogLine.Access || line instanceof LogLine.Ambient;
    }

    /** More than a pipe holds is a file's rest; 0 is unknown. */
    private static long size(InputStream in) throws IOException {
        int available = in.available();
        return available > MAX_PIPE && available < Integer.MAX_VALUE ? available : 0;
    }

    private LogReader reader() {
        return usage(format::reader);
    }

    private Place place() {
        return new Place(name("--namespace", namespace), name("--pod", pod));
    }

    /** Kubernetes' names need no quotes. */
    private String name(String option, @Nullable String value) {
        if (value != null && !NAME.matcher(value).matches()) {
            throw misuse(option + " " + value + " is not a valid Kubernetes name");
        }
        return value == null ? "" : value;
    }

    private IstioVersion version() {
        if (istioVersion == null) {
            return IstioVersion.UNKNOWN;
        }
        return IstioVersion.parse(istioVersion)
                .orElseThrow(
                        () -> misuse("--istio-version " + istioVersion + " is not a version such as 1.9 or 1.24.3"));
    }
}
