// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import upstreamreset.pod.TargetName;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/** {@code diagnose}: finds out what is wrong with a Pod of the mesh. */
final class DiagnoseCommand extends Command {
    private static final Duration API_PATIENCE = Duration.ofSeconds(30);

    private final List<String> operands = new ArrayList<>();
    private final ClusterOptions cluster = new ClusterOptions();
    private String since = "15m";
    private @Nullable String port;
    private @Nullable String method;
    private final List<String> headers = new ArrayList<>();
    private final List<String> data = new ArrayList<>();
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
                        "Finds out what is wrong at a Pod of the mesh: looks at it, reads its sidecar's log, asks the app for PATH past the"
                                + " sidecar and through it, judges the bytes, and concludes.",
                        "",
                        "Changes nothing in the cluster without an option that says so. Asks for the PATH that is given and"
                                + " for nothing else; without one it asks nothing.")
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
                        "PATH: what the app is asked for, for example /api/items?id=1.");
        cluster.addTo(syntax);
        syntax.option("--since", "TIME", String.class, value -> since = value)
                .description(
                        "How much of the log is read: the sidecar's, or in ambient mode ztunnel's and the waypoint's. Default: "
                                + since + ".");
        syntax.option("--port", "PORT", String.class, value -> port = value)
                .description(
                        "The app's port: a number or a name, of the container or of its Service. Default: that of the Service.");
        syntax.option("--request", "METHOD", String.class, value -> method = value)
                .names("-X", "--request")
                .description("The request's method. Default: GET, or POST with --data.");
        syntax.repeated("--header", "LINE", String.class, headers)
                .names("-H", "--header")
                .description(
                        "A header field of the request, 'Name: value'. Repeatable. Past the sidecar each is sent; through it, the API"
                                + " server keeps Authorization, Host and hop-by-hop fields.");
        syntax.repeated("--data", "TEXT", String.class, data)
                .names("-d", "--data")
                .description(
                        "The body of the request, as curl makes it: @FILE is what is in the file without line ends, @-"
                                + " is stdin; several are joined by &.");
        syntax.option("--timeout", "TIME", String.class, value -> timeout = value)
                .description("Timeout of each answer of the app. Default: " + timeout + ".");
        syntax.option("--codec-log", "fields", String.class, value -> codecLog = value)
                .arity("0..1")
                .fallbackValue("reason")
                .description(
                        "Raise the sidecar's log for the question, to have why its codec refuses the answer: 'client' to debug. With"
                                + " =fields also 'http' to trace, which has the field lines as they stood on the wire, and writes the"
                                + " credentials of everybody's requests of that second into the log. Each level is restored at the end.");
        syntax.flag("--yes", value -> yes = value).description("Do not ask before --codec-log=fields.");
        format.addTo(syntax);
        envoy.addTo(syntax);
        output.addTo(syntax);
        syntax.option("--report", "FILE", Path.class, value -> report = value)
                .description("Also write a self-contained HTML page.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        @Nullable Bytes body = data.isEmpty() ? null : new GivenText(System.in).data(data);
        var question = usage(() -> question(body));
        usage(() -> cluster.check(operands));
        var version = usage(envoy::version);
        var reader = usage(format::reader);
        if (report != null) {
            PageFile.check(report);
        }
        try (var api = cluster.connect(API_PATIENCE)) {
            var pods = new PodFinder(api).find(cluster.query(target(), api));
            confirm(question);
            var diagnoser = new Diagnoser(
                    api,
                    pods.getFirst(),
                    pods.size(),
                    service(),
                    reader,
                    version,
                    new Commands(ProgramName.current(), cluster.words()),
                    watcher());
            var diagnosis = diagnoser.diagnose(question);
            print(diagnosis);
            if (report != null) {
                StoryPage.write(
                        report,
                        "upstream-reset diagnose",
                        "what was seen at the Pod, and what it comes to",
                        List.of(DiagnosisStory.of(diagnosis)));
            }
            return Main.exitCode(
                    diagnosis.conclusion().found(), diagnosis.conclusion().unread());
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
                    "PATH begins with / and has no spaces, control characters or #, as /api/items?id=1; not '"
                            + Printable.words(path) + "'");
        }
        return Optional.of(path);
    }

    private Question question(@Nullable Bytes body) {
        var patience = Durations.parse("--timeout", timeout);
        var log = Durations.parse("--since", since);
        if (patience.isZero() || log.isZero()) {
            throw new IllegalArgumentException("--timeout and --since are more than 0s");
        }
        var codec = codecLogging();
        var path = path();
        if (codec != CodecLogging.NONE && path.isEmpty()) {
            throw new IllegalArgumentException("--codec-log needs a PATH to ask for");
        }
        return new Question(
                ProbeRequest.of(method, headers, body), path, log, Optional.ofNullable(port), codec, patience);
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

    /** What writes other people's credentials into a log is not done by mistake. */
    private void confirm(Question question) throws IOException {
        if (question.codecLog() != CodecLogging.FIELDS || yes) {
            return;
        }
        var warning =
                "--codec-log=fields writes the fields of all requests of that second, credentials too, into the sidecar's log";
        if (!ProgressLine.isTerminal()) {
            throw misuse(warning + "; say --yes if that may be");
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
                        + "), and restores it. Should it be killed, restore it by:");
                err().println("  " + restoring);
                err().flush();
            }

            @Override
            public void restored(Optional<String> failure, String restoring) {
                if (failure.isPresent()) {
                    say("the levels could not be restored (" + Printable.words(failure.get()) + "); run:");
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
