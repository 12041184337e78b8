// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import upstreamreset.envoy.EnvoyBinary;
import upstreamreset.framing.EnvoyCodec;
import upstreamreset.probe.Ask;
import upstreamreset.probe.Limits;
import upstreamreset.probe.Probe;
import upstreamreset.probe.ProbeResult;
import upstreamreset.probe.Replay;
import upstreamreset.probe.Target;
import upstreamreset.report.ProbeJson;
import upstreamreset.report.ProbeJunit;
import upstreamreset.report.ProbeText;
import upstreamreset.wire.Bytes;

/** {@code probe}: would Envoy accept what a live server answers? */
final class ProbeCommand extends Command {
    private static final int DEFAULT_SECONDS = 5;
    private static final int MAX_SECONDS = 3_600;

    private final List<String> urls = new ArrayList<>();
    private @Nullable String method;
    private final List<String> headers = new ArrayList<>();
    private @Nullable String data;
    private double timeout = DEFAULT_SECONDS;
    private long maxBytes = 1 << 26;
    private boolean insecure;
    private boolean throughEnvoy;
    private @Nullable Path envoy;
    private String envoyVersion = EnvoyBinary.DEFAULT_VERSION;
    private final OutputOption output = new OutputOption();
    private @Nullable Path junit;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Asks live servers over a raw socket, twice on one connection, and judges what they answer byte for byte: which"
                                + " rule it breaks, and what Envoy would make of it.",
                        "",
                        "Exit code 0, and a line a server, when nothing was found.");
        syntax.operands("URL", 1, urls).description("http or https; without a scheme http.");
        syntax.option("--request", "METHOD", String.class, value -> method = value)
                .names("-X", "--request")
                .description("Default: GET, with a body POST. Only GET, HEAD and OPTIONS are asked twice.");
        syntax.repeated("--header", "LINE", String.class, headers)
                .names("-H", "--header")
                .description("A further field of the request, 'Name: value'.");
        syntax.option("--data", "TEXT", String.class, value -> data = value)
                .names("-d", "--data")
                .description("The body of the request.");
        syntax.option("--timeout", "SECONDS", Double.class, value -> timeout = value)
                .description("For the connection, and for each whole response. Default: " + DEFAULT_SECONDS + ".");
        syntax.option("--max-bytes", "BYTES", Long.class, value -> maxBytes = value)
                .description("Read no more of a response. Default: " + maxBytes + ".");
        syntax.flag("--insecure", value -> insecure = value).description("Trust any certificate.");
        syntax.flag("--through-envoy", value -> throughEnvoy = value)
                .description(
                        "Replay the very bytes of the first response through a real Envoy, and show what that does.");
        syntax.option("--envoy", "PATH", Path.class, value -> envoy = value)
                .description(
                        "The Envoy to replay through; else $$ENVOY, else our own, installed into the user's cache.");
        syntax.option("--envoy-version", "VERSION", String.class, value -> envoyVersion = value)
                .description("The Envoy that judges where none runs. Default: " + envoyVersion + ".");
        output.addTo(syntax);
        syntax.option("--junit", "FILE", Path.class, value -> junit = value)
                .description("Write JUnit XML too, a test case a URL.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var results = probe();
        if (throughEnvoy) {
            results = replayed(results);
        }
        var out = out();
        for (var result : results) {
            print(out, result);
        }
        if (junit != null) {
            Files.writeString(junit, ProbeJunit.of(results));
        }
        return results.stream().allMatch(ProbeResult::healthy) ? Main.CLEAN : Main.FOUND_OR_FAILED;
    }

    private List<ProbeResult> probe() throws InterruptedException {
        try {
            if (!(timeout > 0 && timeout <= MAX_SECONDS)) {
                throw new IllegalArgumentException("--timeout is more than 0 and at most " + MAX_SECONDS + " seconds");
            }
            if (maxBytes < 1) {
                throw new IllegalArgumentException("--max-bytes is at least 1");
            }
            var body = data == null ? Bytes.EMPTY : Bytes.of(data.getBytes(StandardCharsets.UTF_8));
            var verb = method != null ? method : data == null ? "GET" : "POST";
            var limits = new Limits(Duration.ofNanos((long) (timeout * 1e9)), maxBytes, insecure);
            EnvoyCodec.checkVersion(envoyVersion);
            var probe = new Probe(new Ask(verb, headers, body), limits, envoyVersion);
            return probe.all(urls.stream().map(Target::parse).toList());
        } catch (IllegalArgumentException e) {
            throw misuse(e);
        }
    }

    private List<ProbeResult> replayed(List<ProbeResult> results) throws IOException, InterruptedException {
        try (var progress = new Progress(err())) {
            var replay = new Replay(EnvoyBinary.find(envoy, progress));
            var replayed = new ArrayList<ProbeResult>();
            for (var result : results) {
                replayed.add(
                        switch (result) {
                            case ProbeResult.Answered answered -> replay.replay(answered);
                            case ProbeResult.Unreachable unreachable -> unreachable;
                        });
            }
            return replayed;
        }
    }

    private void print(PrintWriter out, ProbeResult result) {
        switch (output.format) {
            case TEXT -> new ProbeText(out).print(result);
            case JSON -> new ProbeJson(out).print(result);
        }
        out.flush();
    }
}
