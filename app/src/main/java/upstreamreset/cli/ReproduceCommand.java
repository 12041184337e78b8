// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.diagnosis.Inspection;
import upstreamreset.envoy.EnvoyBinary;
import upstreamreset.lab.Lab;
import upstreamreset.lab.Reproduction;
import upstreamreset.lab.Sweep;
import upstreamreset.report.ReproductionJson;
import upstreamreset.report.ReproductionText;
import upstreamreset.report.StreamPage;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.server.ServeOptions;

/** {@code reproduce}: the main job on one machine. */
@Command(
        name = "reproduce",
        description = {
            "Starts the app and a real Envoy, configured as Istio configures a sidecar, asks as curl does, and shows what the"
                    + " client got, what Envoy logged, the bytes that the app sent, and the rule that they break.",
            "",
            "Exit code 0 when everything came out as the scenario expects; the 502 of 'wrong' is expected."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReproduceCommand implements Callable<Integer> {
    /** Short, because the pauses between chunks have no part in the fault; the app's own default is the original's second. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = "What to reproduce; without any: correct and wrong.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--all",
            description = "Every scenario of the catalogue, a line each, through several Envoys at once.")
    boolean all;

    @Option(names = "--with-client-sidecar", description = "Chain the client's sidecar in front of the app's.")
    boolean clientSidecar;

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "Write what passed between Envoy and app as pcapng, for Wireshark.")
    @Nullable
    Path capture;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the same as a page in which one follows the streams.")
    @Nullable
    Path report;

    @Option(names = "--keep", description = "Leave app and Envoy running until Ctrl-C, and print what to try.")
    boolean keep;

    @Option(
            names = "--envoy",
            paramLabel = "PATH",
            description = "The Envoy to use; else $ENVOY, else our own, installed into the user's cache.")
    @Nullable
    Path envoy;

    @Mixin
    OutputOption output = new OutputOption();

    @Spec
    CommandSpec spec;

    ReproduceCommand() {
        spec = CommandSpec.create();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (all) {
            return sweep();
        }
        var scenarios = scenarios();
        if (capture != null) {
            CaptureWriter.check(capture);
        }
        if (report != null) {
            StreamPage.check(report);
        }
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        var options = new Lab.Options(clientSidecar, ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, PERIOD));
        boolean asExpected = true;
        try (var progress = new Progress(err);
                var lab = Lab.start(EnvoyBinary.find(envoy, progress), options, scenarios)) {
            err.printf("Envoy %s, configured as istiod configures a sidecar%n%n", lab.envoyVersion());
            for (var scenario : scenarios) {
                var reproduction = lab.reproduce(scenario);
                asExpected &= reproduction.asExpected();
                print(out, reproduction);
            }
            if (keep) {
                keep(lab, scenarios, err);
            }
            writeCapture(lab, err);
        }
        return asExpected ? Main.CLEAN : Main.FOUND_OR_FAILED;
    }

    private int sweep() throws IOException, InterruptedException {
        if (!names.isEmpty() || capture != null || report != null || keep || clientSidecar) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--all goes with --envoy and --output alone; name the scenarios to capture, report, keep or chain them");
        }
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        var text = new ReproductionText(out);
        var counts = new int[2];
        try (var progress = new Progress(err)) {
            var binary = EnvoyBinary.find(envoy, progress);
            Sweep.run(binary, SweepOptions.LAB, new Catalogue().all(), reproduction -> {
                counts[0]++;
                counts[1] += reproduction.asExpected() ? 0 : 1;
                switch (output.format) {
                    case TEXT -> text.printLine(reproduction);
                    case JSON -> print(out, reproduction);
                }
            });
            err.printf("%d scenarios, Envoy %s: %d not as expected%n", counts[0], binary.version(), counts[1]);
        }
        return counts[1] == 0 ? Main.CLEAN : Main.FOUND_OR_FAILED;
    }

    private List<Scenario> scenarios() {
        return ScenarioNames.find(spec, names.isEmpty() ? List.of("correct", "wrong") : names);
    }

    private void print(PrintWriter out, Reproduction reproduction) {
        switch (output.format) {
            case TEXT -> new ReproductionText(out).print(reproduction);
            case JSON -> new ReproductionJson(out).print(reproduction);
        }
        out.flush();
    }

    /** Never returns: Ctrl-C or SIGTERM ends the JVM, whose last act is to write the capture and to close the lab. */
    private void keep(Lab lab, List<Scenario> scenarios, PrintWriter err) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (lab) {
                writeCapture(lab, err);
            } catch (IOException e) {
                err.println(e.getMessage());
            }
        }));
        err.println("Running until Ctrl-C. Through Envoy, and straight at the app:");
        for (var scenario : scenarios) {
            err.printf("  curl -i %s%n", lab.uri(scenario));
            err.printf("  curl -i %s%n", lab.appUri(scenario));
        }
        err.flush();
        new CountDownLatch(1).await();
    }

    private void writeCapture(Lab lab, PrintWriter err) throws IOException {
        if (capture != null) {
            CaptureWriter.write(capture, lab.events());
            err.printf("wrote %s; open it in Wireshark, filter: http.request.uri == \"/wrong\"%n", capture);
            err.flush();
        }
        if (report != null) {
            var events = lab.events();
            StreamPage.write(report, "upstream-reset reproduce", events, Inspection.of(events, lab.envoyVersion()));
            err.printf("wrote %s; open it in a browser%n", report);
            err.flush();
        }
    }
}
