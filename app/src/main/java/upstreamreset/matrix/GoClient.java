// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import upstreamreset.process.Folders;
import upstreamreset.process.Program;
import upstreamreset.process.Programs;
import upstreamreset.process.UserCache;
import upstreamreset.scenario.Scenario;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Sha256;

/**
 * Go's net/http directly to the app: a small program, built once for each version of Go and kept in the user's cache.
 */
record GoClient(Path client, String version, Origins origins) implements HttpImplementation {
    private static final Pattern VERSION = Pattern.compile("go version go(\\S+)");

    /** A first build compiles the standard library's net/http too. */
    private static final Duration BUILD = Duration.ofMinutes(5);

    static GoClient find(Map<String, String> environment, Origins origins) throws IOException, InterruptedException {
        var go = Program.find("go", environment, List.of("version"), VERSION);
        var source = Bytes.ofResource(GoClient.class, "client.go").toArray();
        var folder = UserCache.folder().resolve("go-client");
        var client = folder.resolve(go.version() + "-" + HexFormat.of().formatHex(Sha256.of(source), 0, 8));
        if (!Files.isExecutable(client)) {
            Files.createDirectories(folder);
            build(go, source, client);
        }
        return new GoClient(client, go.version(), origins);
    }

    /** In a separate folder and renamed when it is complete, so that two concurrent runs do not disturb each other. */
    private static void build(Program go, byte[] source, Path client) throws IOException, InterruptedException {
        var work = Files.createTempDirectory(client.getParent(), "unfinished");
        try {
            var file = Files.write(work.resolve("client.go"), source);
            var built = work.resolve("client");
            Programs.run(
                            List.of(go.path().toString(), "build", "-o", built.toString(), file.toString()),
                            // Nothing is fetched, no C compiler is needed, and no module around us counts.
                            Map.of("GO111MODULE", "off", "GOTOOLCHAIN", "local", "CGO_ENABLED", "0", "GOFLAGS", ""),
                            BUILD)
                    .succeeded();
            Files.move(built, client, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(work);
        }
    }

    @Override
    public String title() {
        return "go " + version;
    }

    @Override
    public ObservedResponse ask(Scenario scenario) throws IOException, InterruptedException {
        var request = scenario.request();
        return ClientProcess.run(
                List.of(
                        client.toString(),
                        request.method(),
                        origins.uri(scenario),
                        Integer.toString(request.times()),
                        request.gap().toMillis() + "ms",
                        PATIENCE.toMillis() + "ms"),
                request.body());
    }
}
