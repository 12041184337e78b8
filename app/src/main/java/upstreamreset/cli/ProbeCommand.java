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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
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
@Command(
        name = "probe",
        description = {
            "Asks live servers over a raw socket, twice on one connection, and judges what they answer byte for byte: which"
                    + " rule it breaks, and what Envoy would make of it.",
            "",
            "Exit code 0, and a line a server, when nothing was found."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProbeCommand implements Callable<Integer> {
    private static final int MAX_SECONDS = 3_600;

    @Parameters(paramLabel = "URL", arity = "1..*", description = "http or https; without a scheme http.")
    List<String> urls = new ArrayList<>();

    @Option(
            names = {"-X", "--request"},
            paramLabel = "METHOD",
            description = "Default: GET, with a body POST. Only GET, HEAD and OPTIONS are asked twice.")
    @Nullable
    String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "LINE",
            description = "A further field of the request, 'Name: value'.")
    List<String> headers = new ArrayList<>();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "TEXT",
            description = "The body of the request.")
    @Nullable
    String data;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "For the connection, and for each whole response. Default: ${DEFAULT-VALUE}.")
    double timeout = 5;

    @Option(
            names = "--max-bytes",
            paramLabel = "BYTES",
            defaultValue = "67108864",
            description = "Read no more of a response. Default: ${DEFAULT-VALUE}.")
    long maxBytes = 1 << 26;

    @Option(names = "--insecure", description = "Trust any certificate.")
    boolean insecure;

    @Option(
            names = "--through-envoy",
            description = "Replay the very bytes of the first response through a real Envoy, and show what that does.")
    boolean throughEnvoy;

    @Option(
            names = "--envoy",
            paramLabel = "PATH",
            description = "The Envoy to replay through; else $$ENVOY, else our own, installed into the user's cache.")
    @Nullable
    Path envoy;

    @Option(
            names = "--envoy-version",
            paramLabel = "VERSION",
            defaultValue = EnvoyBinary.DEFAULT_VERSION,
            description = "The Envoy that judges where none runs. Default: ${DEFAULT-VALUE}.")
    String envoyVersion = EnvoyBinary.DEFAULT_VERSION;

    @Mixin
    OutputOption output = new OutputOption();

    @Option(names = "--junit", paramLabel = "FILE", description = "Write JUnit XML too, a test case a URL.")
    @Nullable
    Path junit;

    @Spec
    CommandSpec spec;

    ProbeCommand() {
        spec = CommandSpec.create();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var results = probe();
        if (throughEnvoy) {
            results = replayed(results);
        }
        var out = spec.commandLine().getOut();
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
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private List<ProbeResult> replayed(List<ProbeResult> results) throws IOException, InterruptedException {
        try (var progress = new Progress(spec.commandLine().getErr())) {
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
