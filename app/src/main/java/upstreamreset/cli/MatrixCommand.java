// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.envoy.install.IstioRelease;
import upstreamreset.matrix.Implementation;
import upstreamreset.matrix.Matrix;
import upstreamreset.matrix.MatrixJson;
import upstreamreset.matrix.MatrixJunit;
import upstreamreset.matrix.MatrixPage;
import upstreamreset.matrix.MatrixText;
import upstreamreset.output.Progress;
import upstreamreset.output.ResultFile;
import upstreamreset.page.PageFile;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;

/** {@code matrix}: which implementations accept which responses. */
final class MatrixCommand extends Command {
    private final List<String> names = new ArrayList<>();
    private final List<Implementation> implementations = new ArrayList<>();
    private final List<String> versions = new ArrayList<>();
    private final List<String> istioVersions = new ArrayList<>();
    private @Nullable Path envoy;
    private final OutputOption output = new OutputOption();
    private @Nullable Path junit;
    private @Nullable Path report;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Runs scenarios against Envoy, nginx, HAProxy, curl, the JDK and Go, and reports which accept, reject, misread or hang"
                                + " on each response.",
                        "",
                        "Envoy, nginx and HAProxy are reverse proxies in front of the app; curl, the JDK's HttpClient and Go's net/http connect"
                                + " to the app directly. An implementation misreads a response if it reports"
                                + " success with the wrong body: chunk framing as body, or the wrong length.",
                        "",
                        "Exits 0 if every column is available and every Envoy did what the catalogue expects.");
        syntax.operands("SCENARIO", 0, names).description("The scenarios to run. Default: the whole catalogue.");
        syntax.repeated("--column", "NAME", Implementation.class, implementations)
                .splitRegex(",")
                .description(
                        "The columns: ${COMPLETION-CANDIDATES}, in any letter case. Default: all, but GO only if go is on PATH.");
        syntax.repeated("--envoy-version", "VERSION", String.class, versions)
                .splitRegex(",")
                .description(
                        "A column for each of these versions of Envoy, installed into your cache. Default: the Envoy that"
                                + " --envoy or $$ENVOY names, else " + EnvoyBinary.DEFAULT_VERSION + ".");
        syntax.repeated("--istio-version", "VERSION", String.class, istioVersions)
                .splitRegex(",")
                .description("A column for the Envoy of each of these versions of Istio: 1.28 to 1.32.");
        syntax.option("--envoy", "PATH", Path.class, value -> envoy = value).description("A column for this Envoy.");
        output.addTo(syntax);
        syntax.option("--junit", "FILE", Path.class, value -> junit = value)
                .description("Also write JUnit XML, with a test case for each expectation of Envoy.");
        syntax.option("--report", "FILE", Path.class, value -> report = value)
                .description("Also write the table as one HTML page, each row with its bytes and verdicts.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var scenarios = names.isEmpty() ? new Catalogue().all() : scenarios(names);
        var columns = columns();
        for (var version : istioVersions) {
            versions.add(usage(() -> IstioRelease.of(version)).envoy());
        }
        if (junit != null) {
            ResultFile.check("the JUnit XML", junit);
        }
        if (report != null) {
            PageFile.check(report);
        }
        checkDistinct("--junit", junit, "--report", report);
        checkOutput("--junit", junit, List.of());
        checkOutput("--report", report, List.of());
        var out = out();
        Matrix matrix;
        try (var progress = new ProgressLine(err())) {
            var envoys = columns.contains(Implementation.ENVOY) ? envoys(progress) : List.<EnvoyBinary>of();
            var others = columns.stream()
                    .filter(implementation -> implementation != Implementation.ENVOY)
                    .toList();
            var options = new Matrix.Options(envoys, others);
            matrix = ask(options, scenarios, progress);
        }
        switch (output.format) {
            case TEXT -> new MatrixText(out).print(matrix);
            case JSON -> new MatrixJson(out).print(matrix);
        }
        boolean wrote = wrote(() -> writeFiles(matrix));
        return Main.exitCode(!matrix.asExpected(), !wrote || !matrix.complete(this::canBeMissing));
    }

    private void writeFiles(Matrix matrix) throws IOException {
        if (junit != null) {
            ResultFile.write(junit, MatrixJunit.of(matrix));
        }
        if (report != null) {
            MatrixPage.write(report, "Made by upstream-reset " + Version.text() + ".", matrix);
            err().printf("wrote %s; open it in a browser%n", report);
        }
    }

    /** A column that the user did not name and that is not installed. */
    private boolean canBeMissing(Implementation implementation) {
        return implementations.isEmpty() && implementation != Implementation.ENVOY && !implementation.onPath();
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
        if (implementations.isEmpty()) {
            return Arrays.stream(Implementation.values())
                    .filter(implementation -> implementation != Implementation.GO || Implementation.GO.onPath())
                    .toList();
        }
        if (!implementations.contains(Implementation.ENVOY)
                && (envoy != null || !versions.isEmpty() || !istioVersions.isEmpty())) {
            throw misuse("--envoy, --envoy-version and --istio-version need a column envoy; add it to --column");
        }
        return implementations.stream().distinct().toList();
    }

    private List<EnvoyBinary> envoys(ProgressLine progress) throws IOException, InterruptedException {
        var envoys = new ArrayList<EnvoyBinary>();
        for (var version : versions.stream().distinct().toList()) {
            envoys.add(EnvoyBinary.installed(version, progress));
        }
        if (envoy != null || versions.isEmpty()) {
            envoys.add(EnvoyBinary.find(envoy, progress));
        }
        return envoys;
    }
}
