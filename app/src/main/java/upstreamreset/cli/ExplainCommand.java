// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.accesslog.JsonLogParser;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.accesslog.LogInput;
import upstreamreset.accesslog.LogReader;
import upstreamreset.explain.CatalogueText;
import upstreamreset.explain.Explainer;
import upstreamreset.explain.ExplanationJson;
import upstreamreset.explain.ExplanationText;
import upstreamreset.explain.IstioVersion;
import upstreamreset.explain.LogDigest;
import upstreamreset.explain.Place;

/** {@code explain}: says what access-log lines mean, which hop made the error, and what to run next. */
final class ExplainCommand extends Command {
    private static final int MAX_PIPE = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,252}");

    private final List<String> lines = new ArrayList<>();
    private @Nullable String format;
    private @Nullable String istioVersion;
    private @Nullable String namespace;
    private @Nullable String pod;
    private boolean list;
    private final OutputOption output = new OutputOption();

    InputStream in = System.in;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description("Explains access-log lines: which hop made the error, why, and the command to run next.")
                .footer(
                        "%nReads Istio's text format, Envoy's default one, JSON with Istio's keys, and the debug lines of",
                        "Envoy's \"client\" logger. Lines with the same x-request-id are one request: paste the client's",
                        "and the server's sidecar together. A long log becomes a summary.",
                        "%nExamples:",
                        "  kubectl logs http-chunked-0 -c istio-proxy | upstream-reset explain",
                        "  upstream-reset explain --format '%%RESPONSE_CODE%% %%RESPONSE_FLAGS%%' < access.log");
        syntax.operands("LINE", 0, lines)
                .description("Log lines, each quoted. Default, or with -: stdin, plain or gzip.");
        syntax.option("--format", "STRING", String.class, value -> format = value)
                .description(
                        "The accessLogFormat of your mesh, if you changed it: text or JSON, as in the MeshConfig.");
        syntax.option("--istio-version", "VERSION", String.class, value -> istioVersion = value)
                .description("Istio version of the logs. Before 1.10 a malformed response was 503 UC.");
        syntax.option("--namespace", "NAMESPACE", String.class, value -> namespace = value)
                .description("The namespace to print in commands where a line does not name it.");
        syntax.option("--pod", "POD", String.class, value -> pod = value)
                .description("The Pod to print in commands where a line does not name it.");
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
        var err = err();
        Optional<String> problem = Optional.empty();
        if (lines.isEmpty() || lines.equals(List.of("-"))) {
            try (var progress = new ProgressLine(err)) {
                problem = LogInput.read(in, digest::add, progress.reading("stdin", size()));
            }
        } else {
            refuseFiles();
            lines.stream().flatMap(String::lines).forEach(digest::add);
        }
        problem.ifPresent(why -> err.println("upstream-reset explain: stdin: " + why));
        var summary = digest.summary();
        var codec = digest.unclaimedRefusals();
        if (summary.lines() == 0) {
            if (problem.isEmpty()) {
                err.println("upstream-reset explain: no input; give access-log lines as arguments or on stdin.");
            }
            return Main.UNREAD;
        }
        if (summary.foreign() > 0) {
            err.println(ExplanationText.foreign(summary, format != null));
        }
        if (summary.requests() == 0 && codec.isEmpty() && !digest.hasScraps()) {
            return Main.UNREAD;
        }
        var out = out();
        switch (output.format) {
            case TEXT -> new ExplanationText(out).print(digest);
            case JSON -> new ExplanationJson(out).print(digest);
        }
        return Main.exitCode(summary.failed() > 0 || !codec.isEmpty() || digest.scrapsFailed(), problem.isPresent());
    }

    /** A file name given as a log line is a mistake: its content is meant. */
    private void refuseFiles() {
        for (var line : lines) {
            if (!line.contains(" ") && new File(line).isFile()) {
                throw misuse(line + " is a file, and explain takes log lines: upstream-reset explain < " + line);
            }
        }
    }

    /** More than a pipe holds is a file's rest; 0 is unknown. */
    private long size() throws IOException {
        int available = in.available();
        return available > MAX_PIPE && available < Integer.MAX_VALUE ? available : 0;
    }

    private LogReader reader() {
        if (format == null) {
            return new LogReader();
        }
        var json = JsonLogParser.of(format);
        var parsed = LogFormat.of(format);
        if (!json.map(JsonLogParser::tellsFailures).orElse(parsed.tellsFailures())) {
            throw misuse(
                    "--format has neither %RESPONSE_CODE% nor %RESPONSE_FLAGS%; copy accessLogFormat from your MeshConfig"
                            + " (kubectl -n istio-system get configmap istio -o yaml)");
        }
        return json.map(LogReader::new).orElseGet(() -> new LogReader(parsed));
    }

    private Place place() {
        return new Place(name("--namespace", namespace), name("--pod", pod));
    }

    /** Kubernetes' names need no quotes. */
    private String name(String option, @Nullable String value) {
        if (value != null && !NAME.matcher(value).matches()) {
            throw misuse(option + " " + value + " is no name in Kubernetes");
        }
        return value == null ? "" : value;
    }

    private IstioVersion version() {
        if (istioVersion == null) {
            return IstioVersion.UNKNOWN;
        }
        return IstioVersion.parse(istioVersion)
                .orElseThrow(
                        () -> misuse("--istio-version " + istioVersion + " is no version; for example 1.9 or 1.24.3"));
    }
}
