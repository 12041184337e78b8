// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.matrix.Implementation;
import upstreamreset.matrix.Matrix;
import upstreamreset.matrix.MatrixJson;
import upstreamreset.matrix.MatrixJunit;
import upstreamreset.matrix.MatrixText;
import upstreamreset.output.Progress;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;

/** {@code matrix}: who takes what. */
final class MatrixCommand extends Command {
    private final List<String> names = new ArrayList<>();
    private final List<Implementation> parties = new ArrayList<>();
    private final List<String> versions = new ArrayList<>();
    private @Nullable Path envoy;
    private final OutputOption output = new OutputOption();
    private @Nullable Path junit;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Puts the scenarios to everybody who is there: versions of Envoy, nginx and haproxy as reverse proxies in front of the"
                                + " app, and curl, the JDK's HttpClient and Go's net/http straight at it. Who accepts the response, who"
                                + " rejects it, who is fooled (hands chunk framing on as body, reads another length), who hangs.",
                        "",
                        "Exit code 0 when every column is there and every Envoy did what the catalogue expects.");
        syntax.operands("SCENARIO", 0, names).description("The rows; without any, the whole catalogue.");
        syntax.repeated("--column", "NAME", Implementation.class, parties)
                .splitRegex(",")
                .description(
                        "The columns: ${COMPLETION-CANDIDATES}, in any letter case. Default: all; GO only if there is a go on PATH.");
        syntax.repeated("--envoy-version", "VERSION", String.class, versions)
                .splitRegex(",")
                .description(
                        "A column for each of these Envoys, installed into the user's cache. Default: the one that --envoy or"
                                + " $$ENVOY names, else " + EnvoyBinary.DEFAULT_VERSION + ".");
        syntax.option("--envoy", "PATH", Path.class, value -> envoy = value).description("A column for this Envoy.");
        output.addTo(syntax);
        syntax.option("--junit", "FILE", Path.class, value -> junit = value)
                .description("Write JUnit XML too, a test case for each expectation of Envoy.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var scenarios = names.isEmpty() ? new Catalogue().all() : ScenarioNames.find(this, names);
        var columns = columns();
        if (junit != null) {
            MatrixJunit.check(junit);
        }
        var out = out();
        Matrix matrix;
        try (var progress = new ProgressLine(err())) {
            var envoys = columns.contains(Implementation.ENVOY) ? envoys(progress) : List.<EnvoyBinary>of();
            var others = columns.stream()
                    .filter(party -> party != Implementation.ENVOY)
                    .toList();
            var options = new Matrix.Options(envoys, others);
            matrix = ask(options, scenarios, progress);
        }
        switch (output.format) {
            case TEXT -> new MatrixText(out).print(matrix);
            case JSON -> new MatrixJson(out).print(matrix);
        }
        if (junit != null) {
            Files.writeString(junit, MatrixJunit.of(matrix));
        }
        return matrix.asExpected() ? Main.CLEAN : Main.FOUND_OR_FAILED;
    }

    private static Matrix ask(Matrix.Options options, List<Scenario> scenarios, ProgressLine progress)
            throws IOException, InterruptedException {
        var asked = new AtomicInteger();
        int all = scenarios.size() * (options.envoys().size() + options.others().size());
        return Matrix.of(options, scenarios, () -> {
            int done = asked.incrementAndGet();
            synchronized (progress) {
                progress.accept(new Progress("asking", done, all));
            }
        });
    }

    private List<Implementation> columns() {
        if (parties.isEmpty()) {
            return Arrays.stream(Implementation.values())
                    .filter(party -> party != Implementation.GO || Implementation.GO.onPath())
                    .toList();
        }
        if (!parties.contains(Implementation.ENVOY) && (envoy != null || !versions.isEmpty())) {
            throw misuse("--envoy and --envoy-version need a column envoy; add it to --column");
        }
        return parties.stream().distinct().toList();
    }

    private List<EnvoyBinary> envoys(ProgressLine progress) throws IOException, InterruptedException {
        var envoys = new ArrayList<EnvoyBinary>();
        for (var version : versions) {
            envoys.add(EnvoyBinary.installed(version, progress));
        }
        if (envoy != null || versions.isEmpty()) {
            envoys.add(EnvoyBinary.find(envoy, progress));
        }
        return envoys;
    }
}
