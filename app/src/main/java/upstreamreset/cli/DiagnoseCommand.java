// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import upstreamreset.diagnose.Commands;
import upstreamreset.diagnose.Diagnoser;
import upstreamreset.diagnose.Diagnosis;
import upstreamreset.diagnose.DiagnosisJson;
import upstreamreset.diagnose.DiagnosisStory;
import upstreamreset.diagnose.DiagnosisText;
import upstreamreset.diagnose.Question;
import upstreamreset.diagnose.Question.CodecLogging;
import upstreamreset.diagnose.Watcher;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.output.Durations;
import upstreamreset.page.PageFile;
import upstreamreset.page.StoryPage;
import upstreamreset.pod.NoSuchPodException;
import upstreamreset.pod.PodFinder;
import upstreamreset.pod.Selection;
import upstreamreset.pod.TargetName;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/** {@code diagnose}: finds out what is wrong with a Pod of the mesh. */
final class DiagnoseCommand extends Command {
    private static final Duration API_PATIENCE = Duration.ofSeconds(30);

    private final List<String> operands = new ArrayList<>();
    private final ClusterOptions cluster = new ClusterOptions();
    private String since = "15m";
    private @Nullable String port;
    private final RequestOptions request = new RequestOptions();
    private String timeout = "10s";
    private @Nullable String codecLog;
    private boolean yes;
    private final LogFormatOption format = new LogFormatOption();
    private final EnvoyOptions envoy = new EnvoyOptions();
    private @Nullable Path report;
    private final OutputOption output = new OutputOption();

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Finds out what is wrong with a Pod of the mesh: reads its configuration and its"
                                + " sidecar's log, requests PATH directly from the app and through the sidecar,"
                                + " judges the bytes, and names the cause.",
                        "",
                        "Changes nothing in the cluster unless an option says so. Requests only the given PATH;"
                                + " without PATH it sends no request.")
                .footer(
                        "%nExamples:",
                        "  upstream-reset diagnose -n shop deploy/cart",
                        "  upstream-reset diagnose -n shop deploy/cart /api/items --codec-log",
                        "  upstream-reset diagnose svc/cart /api/items -X POST -d '{}' -H 'Content-Type: application/json'");
        syntax.operands("TARGET", 0, operands)
                .paramLabel("TARGET [PATH]")
                .hideParamSyntax(true)
                .description(
                        "TARGET: pod/NAME, deploy/NAME, sts/NAME, ds/NAME, rs/NAME, job/NAME, svc/NAME, gateway/NAME, or a Pod's bare name.",
                        "PATH: the path to request from the app, for example /api/items?id=1.");
        cluster.addTo(syntax);
        syntax.option("--since", "TIME", String.class, value -> since = value)
                .description(
                        "How much of the log to read: the sidecar's, or in ambient mode ztunnel's and the waypoint's. Default: "
                                + since + ".");
        syntax.option("--port", "PORT", String.class, value -> port = value)
                .description("The app's port, a number or name of the container or of its Service. Default: that of"
                        + " the Service.");
        request.addTo(
                syntax,
                "",
                " The request past the sidecar has all of them; on the way through the sidecar, the API"
                        + " server does not forward Authorization, Host and hop-by-hop fields.");
        syntax.option("--timeout", "TIME", String.class, value -> timeout = value)
                .description("Timeout of each response. Default: " + timeout + ".");
        syntax.option("--codec-log", "fields", String.class, value -> codecLog = value)
                .arity("0..1")
                .fallbackValue("reason")
                .description("Raise the sidecar's log level for the request, to learn why its codec refuses the"
                        + " response: 'client' to debug. With =fields also 'http' to trace, which logs"
                        + " the raw field lines, but also the credentials in all other requests of that"
                        + " second. Each level is restored at the end.");
        syntax.flag("--yes", value -> yes = value).description("Do not ask for confirmation of --codec-log=fields.");
        format.addTo(syntax);
        envoy.addTo(syntax);
        output.addTo(syntax);
        syntax.option("--report", "FILE", Path.class, value -> report = value)
                .description("Also write a self-contained HTML page.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        @Nullable Bytes body = request.body(System.in);
        var question = usage(() -> question(body));
        usage(() -> cluster.check(operands));
        var version = usage(envoy::version);
        var reader = usage(format::reader);
        if (report != null) {
            PageFile.check(report);
            checkOutput(
                    "--report",
                    report,
                    Stream.concat(request.files(), cluster.files()).toList());
        }
        try (var api = cluster.connect(API_PATIENCE)) {
            var pods = new PodFinder(api).find(cluster.query(target(), api));
            confirm(question);
            var diagnoser = new Diagnoser(
                    api,
                    Selection.firstOf(pods, cluster.everywhere()),
                    service(),
                    reader,
                    version,
                    new Commands(ProgramName.current(), cluster.words()),
                    watcher());
            var diagnosis = diagnoser.diagnose(question);
            print(diagnosis);
            var page = report;
            boolean wrote = page == null
                    || wrote(() -> StoryPage.write(
                            page,
                            "upstream-reset diagnose",
                            "what was observed at the Pod, and the conclusion",
                            List.of(DiagnosisStory.of(diagnosis))));
            return Main.exitCode(
                    diagnosis.conclusion().found(), diagnosis.conclusion().unread() || !wrote);
        } catch (IllegalArgumentException e) {
            throw misuse(e);
        } catch (ApiException | NoSuchPodException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Optional<String> target() {
        return cluster.selects() ? Optional.empty() : Optional.of(operands.getFirst());
    }

    private Optional<String> service() {
        return target().map(TargetName::parse)
                .filter(each -> each.kind() == TargetName.Kind.SERVICE)
                .map(TargetName::name);
    }

    private Optional<String> path() {
        int at = cluster.selects() ? 0 : 1;
        if (at == 1
                && operands.size() > 1
                && TargetName.isKind(operands.getFirst())
                && !operands.get(1).startsWith("/")) {
            throw new IllegalArgumentException("TARGET is one word: %1$s/%2$s, not '%1$s %2$s'"
                    .formatted(operands.getFirst(), Printable.words(operands.get(1))));
        }
        if (operands.size() > at + 1) {
            throw new IllegalArgumentException("'" + Printable.words(operands.get(at + 1))
                    + "' is one word too many: diagnose takes " + (at == 0 ? "[PATH] with -l" : "TARGET [PATH]"));
        }
        if (operands.size() <= at) {
            return Optional.empty();
        }
        var path = operands.get(at);
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c == 0x7F || c == '#')) {
            throw new IllegalArgumentException(
                    "PATH must begin with / and have no spaces, control characters or #, as in /api/items?id=1; not '"
                            + Printable.words(path) + "'");
        }
        return Optional.of(path);
    }

    private Question question(@Nullable Bytes body) {
        var patience = Durations.parse("--timeout", timeout);
        var log = Durations.parse("--since", since);
        if (patience.isZero() || log.isZero()) {
            throw new IllegalArgumentException("--timeout and --since must be more than 0s");
        }
        if (port != null && port.matches("\\d+")) {
            checkPort(Integer.parseInt(port.length() > 9 ? "999999999" : port));
        }
        var codec = codecLogging();
        var path = path();
        if (codec != CodecLogging.NONE && path.isEmpty()) {
            throw new IllegalArgumentException("--codec-log needs a PATH to request");
        }
        return new Question(request.request(body, List.of()), path, log, Optional.ofNullable(port), codec, patience);
    }

    private CodecLogging codecLogging() {
        return switch (codecLog) {
            case null -> CodecLogging.NONE;
            case "reason" -> CodecLogging.REASON;
            case "fields" -> CodecLogging.FIELDS;
            default ->
                throw new IllegalArgumentException(
                        "--codec-log is given alone or as --codec-log=fields, not '" + Printable.words(codecLog) + "'");
        };
    }

    /** Writing other people's credentials into a log needs a confirmation. */
    private void confirm(Question question) throws IOException {
        if (question.codecLog() != CodecLogging.FIELDS || yes) {
            return;
        }
        var warning =
                "--codec-log=fields writes the fields of all requests of that second, credentials too, into the sidecar's log";
        if (!ProgressLine.isTerminal()) {
            throw misuse(warning + "; confirm with --yes");
        }
        err().print("upstream-reset diagnose: " + warning + ". Go on? [y/N] ");
        err().flush();
        int answer = System.in.read();
        if (answer != 'y' && answer != 'Y') {
            throw misuse("not confirmed; nothing was changed");
        }
    }

    private Watcher watcher() {
        return new Watcher() {
            @Override
            public void raising(List<String> changes, String restoring) {
                say("raises the sidecar's log for this question (" + String.join(", ", changes)
                        + "), and restores it. If upstream-reset is killed, restore it with:");
                err().println("  " + restoring);
                err().flush();
            }

            @Override
            public void restored(Optional<String> failure, String restoring) {
                if (failure.isPresent()) {
                    say("the sidecar's log levels are still raised: they could not be restored ("
                            + Printable.words(failure.get()) + "); restore them with:");
                    err().println("  " + restoring);
                    err().flush();
                } else {
                    say("the levels are as before");
                }
            }

            @Override
            public void waiting(String what) {
                say(what);
            }

            private void say(String sentence) {
                err().println("upstream-reset diagnose: " + sentence);
                err().flush();
            }
        };
    }

    private void print(Diagnosis diagnosis) {
        switch (output.format) {
            case TEXT -> new DiagnosisText(out()).print(diagnosis);
            case JSON -> new DiagnosisJson(out()).print(diagnosis);
        }
    }
}
