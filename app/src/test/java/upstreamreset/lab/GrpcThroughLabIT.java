// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.explain.CodecSaid;
import upstreamreset.explain.Explainer;
import upstreamreset.explain.Explanation;
import upstreamreset.explain.Hop;
import upstreamreset.explain.IstioVersion;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Source;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.RealParts;

/** A gRPC call, over HTTP/2, against every fault of the catalogue: what explain says of the line is what the client saw. */
class GrpcThroughLabIT {
    private static final Pattern GRPC_STATUS = Pattern.compile("(?im)^grpc-status: (\\d+)");
    private static final Pattern SAID = Pattern.compile("grpc-status (\\d+)");

    /** An empty message: a flag, and four bytes of length. */
    private static final byte[] MESSAGE = {0, 0, 0, 0, 0};

    @TempDir
    Path folder;

    /** What curl got: {@code head} with the trailers behind it, and how it ended. */
    private record Seen(String head, int exit) {
        Optional<String> grpcStatus() {
            var status = GRPC_STATUS.matcher(head);
            return status.find() ? Optional.of(status.group(1)) : Optional.empty();
        }

        /** The stream was reset, or ended early. */
        boolean cut() {
            return exit == 92 || exit == 18 || exit == 56;
        }
    }

    @Test
    void explainSaysWhatTheClientSaw() throws Exception {
        var body = Files.write(folder.resolve("message"), MESSAGE);
        var scenarios = new Catalogue()
                .all().stream()
                        .filter(scenario -> scenario.request().equals(Request.GET))
                        .filter(scenario -> !(scenario.source() instanceof Source.App))
                        .filter(scenario -> scenario.mesh().client().isEmpty())
                        // A retry policy of the sidecar's own, which mends without a trace in the line.
                        .filter(scenario -> !scenario.name().equals("retry-hides"))
                        .toList();
        var wrong = new ArrayList<String>();
        int replies = 0;
        try (var lab = Lab.start(RealParts.envoy(), new Lab.Options(false, ServeOptions.onFreePort()), scenarios)) {
            for (var scenario : scenarios) {
                var seen = new Seen[1];
                var asked = lab.ask(scenario, entrance -> seen[0] = curl(entrance, body));
                var line = asked.log().line();
                var explanation = explain(line, asked.codecReason());
                replies += seen[0].grpcStatus().isPresent() ? 1 : 0;
                judge(explanation, seen[0], asked, line).forEach(each -> wrong.add(scenario.name() + ": " + each));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(replies).as("gRPC replies of Envoy's").isGreaterThan(40);
    }

    private static List<String> judge(Explanation explanation, Seen seen, Lab.Asked asked, String line) {
        var wrong = new ArrayList<String>();
        var verdict = explanation.verdict();
        var context = "\n  " + line + "\n  " + verdict + "\n  client: exit " + seen.exit() + ", "
                + seen.head().replace("\r\n", " | ");
        var said = SAID.matcher(verdict);
        boolean own = seen.grpcStatus().isPresent() && !line.contains(" via_upstream ");
        if (own
                && !seen.cut()
                && !(said.find() && said.group(1).equals(seen.grpcStatus().orElseThrow()))) {
            wrong.add("the client saw another grpc-status" + context);
        }
        if (seen.cut() && seen.head().contains(" 200") && !verdict.contains("cut") && !verdict.contains("either")) {
            wrong.add("the response was cut" + context);
        }
        if (own && !seen.cut() && verdict.contains("cut a ") && !verdict.contains("either")) {
            wrong.add("nothing was cut" + context);
        }
        // An origin counts TLS handshakes too, and no HTTP/2 where it waits for HTTP/1.
        boolean counted = !line.contains(" UF ") && !line.contains(",UF ") && !line.contains("h2-to-http1");
        explanation.appRan().ifPresent(times -> {
            if (counted && asked.calls().filter(calls -> calls != times).isPresent()) {
                wrong.add("the app ran " + asked.calls().orElseThrow() + " times, and not " + times + context);
            }
        });
        if (counted
                && verdict.contains("never got the request")
                && asked.calls().filter(calls -> calls > 0).isPresent()) {
            wrong.add("the app was asked" + context);
        }
        return wrong;
    }

    private static Explanation explain(String line, String codec) {
        var access = (LogLine.Access) new LogReader().read(line);
        return new Explainer(IstioVersion.UNKNOWN).explain(List.of(Hop.of(access)), new CodecSaid(codec, ""));
    }

    private static Seen curl(URI entrance, Path body) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--max-time",
                        "3",
                        "--dump-header",
                        "-",
                        "--output",
                        "/dev/null",
                        "--http2-prior-knowledge",
                        "--header",
                        "content-type: application/grpc",
                        "--header",
                        "te: trailers",
                        "--header",
                        "user-agent: grpc-go/1.68.1",
                        "--data-binary",
                        "@" + body,
                        entrance.toString())
                .redirectErrorStream(true)
                .start();
        var head = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return new Seen(head, process.waitFor());
    }
}
