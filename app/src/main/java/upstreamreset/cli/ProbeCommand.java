// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import upstreamreset.output.Durations;
import upstreamreset.output.ResultFile;
import upstreamreset.probe.Limits;
import upstreamreset.probe.Probe;
import upstreamreset.probe.ProbeGithub;
import upstreamreset.probe.ProbeJson;
import upstreamreset.probe.ProbeJunit;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.probe.ProbeResult;
import upstreamreset.probe.ProbeText;
import upstreamreset.probe.Replay;
import upstreamreset.probe.Target;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/** {@code probe}: judges whether Envoy would accept a live server's response. */
final class ProbeCommand extends Command {
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    private final List<String> urls = new ArrayList<>();
    private final RequestOptions request = new RequestOptions();
    private @Nullable String user;
    private @Nullable String urlFile;
    private String start = "0s";
    private String timeout = "5s";
    private long maxBytes = 1 << 26;
    private boolean insecure;
    private boolean throughEnvoy;
    private final EnvoyOptions envoy = new EnvoyOptions();
    private final FrameworkOption madeWith = new FrameworkOption();
    private final CiOutputOption output = new CiOutputOption();
    private @Nullable Path junit;
    private boolean notReplayed;

    InputStream in = System.in;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Sends requests to live servers over a raw socket, two on one connection, the second with"
                                + " Accept-Encoding, and judges the responses byte for byte: which rules they"
                                + " break, and what Envoy would do with them.",
                        "",
                        "Prints one line per server, with the verdict first, and exits 0 if nothing is wrong. A"
                                + " stream that is still sending at the timeout is fine.");
        syntax.operands("URL", 0, urls).description("An http or https URL. Default scheme: http.");
        syntax.option("--url-file", "FILE", String.class, value -> urlFile = value)
                .description("More URLs, one per line; - is stdin.");
        request.addTo(syntax, " Only GET, HEAD and OPTIONS are sent twice.", "");
        syntax.option("--user", "NAME:PASSWORD", String.class, value -> user = value)
                .names("-u", "--user")
                .description("User name and password for Basic authentication.");
        syntax.option("--timeout", "TIME", String.class, value -> timeout = value)
                .description(
                        "Timeout for the connection and all requests on it; a body that pauses then gets the same time once more."
                                + " Default: " + timeout + ".");
        syntax.option("--wait", "TIME", String.class, value -> start = value)
                .description("How long to wait for a server that does not listen yet. Default: 0s.");
        syntax.option("--max-bytes", "BYTES", Long.class, value -> maxBytes = value)
                .description("Maximum number of bytes to read of a response. Default: " + maxBytes + ".");
        syntax.flag("--insecure", value -> insecure = value).description("Trust any certificate.");
        syntax.flag("--through-envoy", value -> throughEnvoy = value)
                .description("Replay the bytes of the first response through a real Envoy, and show what it does.");
        envoy.addTo(syntax, "--through-envoy");
        madeWith.addTo(syntax);
        output.addTo(syntax);
        syntax.option("--junit", "FILE", Path.class, value -> junit = value)
                .description("Also write JUnit XML, with a test case and its time for each URL.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long stdin = request.data.stream().filter("@-"::equals).count() + ("-".equals(urlFile) ? 1 : 0);
        if (stdin > 1) {
            throw misuse("stdin can be read only once: use a file for all but one of --url-file - and --data @-");
        }
        var probe = new Probe(request(), limits(), usage(envoy::version));
        if (throughEnvoy) {
            usage(envoy::checkRun);
        }
        var framework = usage(madeWith::framework);
        var targets = targets();
        if (junit != null) {
            ResultFile.check("the JUnit XML", junit);
            checkOutput(
                    "--junit",
                    junit,
                    Stream.concat(Stream.ofNullable(urlFile), request.files()).toList());
        }
        var results = new ArrayList<ProbeResult>();
        Optional<Replay> replay = throughEnvoy ? Optional.of(new Replay(envoy.binary(err()))) : Optional.empty();
        probe.all(targets, result -> {
            var made = framework.isPresent() && result instanceof ProbeResult.Answered answered
                    ? answered.madeBy(framework.get())
                    : result;
            var shown = replay.isPresent() ? replayed(replay.get(), made) : made;
            print(out(), shown);
            results.add(shown);
        });
        var file = junit;
        boolean wrote = file == null || wrote(() -> ResultFile.write(file, ProbeJunit.of(results)));
        return exitCode(results, notReplayed || !wrote);
    }

    private static int exitCode(List<ProbeResult> results, boolean notReplayed) {
        boolean found = false;
        boolean unread = notReplayed;
        for (var result : results) {
            if (result instanceof ProbeResult.Unreachable) {
                unread = true;
            } else {
                found |= !result.healthy();
            }
        }
        return Main.exitCode(found, unread);
    }

    private ProbeRequest request() throws IOException {
        var more = new ArrayList<String>();
        if (user != null && !has(request.headers, "authorization:")) {
            if (user.indexOf(':') < 0) {
                throw misuse("--user expects NAME:PASSWORD, but has no colon");
            }
            var credentials = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            more.add("Authorization: Basic " + credentials);
        }
        @Nullable Bytes body = request.body(in);
        return usage(() -> request.request(body, more));
    }

    private static boolean has(List<String> fields, String name) {
        return fields.stream().anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith(name));
    }

    private List<Target> targets() throws IOException {
        if (urlFile != null) {
            urls.addAll(new GivenText(in).list("--url-file", urlFile));
        }
        if (urls.isEmpty()) {
            throw misuse(urlFile == null ? "at least one URL is needed" : "--url-file contains no URL");
        }
        return usage(() -> urls.stream().map(Target::parse).toList());
    }

    private Limits limits() {
        return usage(() -> {
            var patience = Durations.parse("--timeout", timeout);
            if (patience.isZero() || patience.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException("--timeout must be more than 0s and at most "
                        + Durations.text(MAX_TIMEOUT) + ", not " + Durations.text(patience));
            }
            var starting = Durations.parse("--wait", start);
            if (starting.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException("--wait must be at most " + Durations.text(MAX_TIMEOUT));
            }
            if (maxBytes < 1) {
                throw new IllegalArgumentException("--max-bytes must be at least 1");
            }
            return new Limits(patience, maxBytes, insecure).waiting(starting);
        });
    }

    private ProbeResult replayed(Replay replay, ProbeResult result) throws IOException, InterruptedException {
        return switch (result) {
            case ProbeResult.Unreachable unreachable -> unreachable;
            case ProbeResult.Answered answered when Replay.possible(answered) -> replay.replay(answered);
            case ProbeResult.Answered answered -> {
                notReplayed = true;
                err().printf(
                                "upstream-reset probe: %s: a response of %d bytes is too long to replay; request"
                                        + " a shorter one%n",
                                Printable.of(answered.target().text()),
                                answered.exchanges().getFirst().total());
                yield answered;
            }
        };
    }

    private void print(PrintWriter out, ProbeResult result) {
        switch (output.format) {
            case TEXT -> new ProbeText(out).print(result);
            case JSON -> new ProbeJson(out).print(result);
            case GITHUB -> new ProbeGithub(out).print(result);
        }
        out.flush();
    }
}
