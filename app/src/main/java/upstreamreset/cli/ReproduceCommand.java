// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.framework.Framework;
import upstreamreset.lab.Lab;
import upstreamreset.lab.Reproduction;
import upstreamreset.lab.ReproductionJson;
import upstreamreset.lab.ReproductionStory;
import upstreamreset.lab.ReproductionText;
import upstreamreset.lab.Sweep;
import upstreamreset.page.PageFile;
import upstreamreset.page.StoryPage;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.ServeOptions;
import upstreamreset.sidecar.LiveLog;

/** {@code reproduce}: runs scenarios through a real Envoy on one machine. */
final class ReproduceCommand extends Command {
    /** Short, because the pauses between chunks have no part in the fault; the app's own default is one second. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final List<String> names = new ArrayList<>();
    private boolean all;
    private boolean clientSidecar;
    private @Nullable Path capture;
    private @Nullable Path report;
    private boolean keep;
    private volatile boolean ending;
    private final CountDownLatch over = new CountDownLatch(1);
    private final EnvoyOptions envoy = new EnvoyOptions();
    private final FrameworkOption madeWith = new FrameworkOption();
    private final OutputOption output = new OutputOption();

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Starts the app and a real Envoy configured as an Istio sidecar, sends one request, and"
                                + " shows what the client"
                                + " got, what Envoy logged, which bytes the app sent, and which rule they break.",
                        "",
                        "Exits 0 if every scenario matches the catalogue, which expects the 502 of 'wrong'.");
        syntax.operands("SCENARIO", 0, names).description("Scenarios to reproduce. Default: correct and wrong.");
        syntax.flag("--all", value -> all = value)
                .description("Run the whole catalogue, one line per scenario, through several Envoys at once.");
        syntax.flag("--with-client-sidecar", value -> clientSidecar = value)
                .description("Chain the client's sidecar in front of the app's.");
        syntax.option("--capture", "FILE", Path.class, value -> capture = value)
                .names("-w", "--capture")
                .description("Write the traffic between Envoy and the app as pcapng, for Wireshark.");
        syntax.option("--report", "FILE", Path.class, value -> report = value)
                .description("Write an HTML report: the view of each party, the bytes at both ends, log lines, cause"
                        + " and fix.");
        syntax.flag("--keep", value -> keep = value)
                .description(
                        "Keep the app and Envoy running until Ctrl-C, print commands to try, and show each request that passes.");
        envoy.addRunTo(syntax);
        madeWith.addTo(syntax);
        output.addTo(syntax);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        usage(envoy::checkRun);
        var framework = usage(madeWith::framework);
        if (all) {
            return sweep();
        }
        var scenarios = scenarios(names.isEmpty() ? List.of("correct", "wrong") : names);
        if (capture != null) {
            CaptureWriter.check(capture);
        }
        if (report != null) {
            PageFile.check(report);
        }
        checkDistinct("--capture", capture, "--report", report);
        checkOutput("--capture", capture, List.of());
        checkOutput("--report", report, List.of());
        var out = out();
        var err = err();
        var options = new Lab.Options(clientSidecar, ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, PERIOD));
        boolean asExpected = true;
        boolean wrote;
        try (var lab = Lab.start(envoy.binary(err), options, scenarios)) {
            err.printf("Envoy %s, configured as istiod configures a sidecar%n%n", lab.envoyVersion());
            var live = new LiveLog(lab.envoyVersion(), err::println);
            lab.listen(live::add, err::println);
            var reproductions = new ArrayList<Reproduction>();
            for (var scenario : scenarios) {
                var seen = lab.reproduce(scenario);
                var reproduction = framework.map(seen::madeBy).orElse(seen);
                reproductions.add(reproduction);
                asExpected &= reproduction.asExpected();
                print(out, reproduction);
            }
            if (keep) {
                keep(lab, live, framework, reproductions, err);
            }
            wrote = wrote(() -> writeCapture(lab, reproductions, err));
        }
        return Main.exitCode(!asExpected, !wrote);
    }

    private int sweep() throws IOException, InterruptedException {
        if (!names.isEmpty() || capture != null || report != null || keep || clientSidecar) {
            throw misuse("--all combines only with --output and the options that choose an Envoy; name the scenarios"
                    + " to capture, report, keep or chain them");
        }
        var out = out();
        var err = err();
        var text = new ReproductionText(out);
        var counts = new int[2];
        var binary = envoy.binary(err);
        Sweep.run(binary, new Catalogue().all(), reproduction -> {
            counts[0]++;
            counts[1] += reproduction.asExpected() ? 0 : 1;
            switch (output.format) {
                case TEXT -> text.printLine(reproduction);
                case JSON -> print(out, reproduction);
            }
        });
        err.printf("%d scenarios, Envoy %s: %d not as expected%n", counts[0], binary.version(), counts[1]);
        return counts[1] == 0 ? Main.CLEAN : Main.FOUND;
    }

    private void print(PrintWriter out, Reproduction reproduction) {
        switch (output.format) {
            case TEXT -> new ReproductionText(out).print(reproduction);
            case JSON -> new ReproductionJson(out).print(reproduction);
        }
        out.flush();
    }

    /**
     * Returns when nobody reads what is shown; else Ctrl-C or SIGTERM ends the JVM, whose last act is to write the capture and to
     * close the lab.
     */
    private void keep(
            Lab lab, LiveLog live, Optional<Framework> framework, List<Reproduction> reproductions, PrintWriter err)
            throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending = true;
            try (lab) {
                writeCapture(lab, reproductions, err);
            } catch (IOException e) {
                err.println(e.getMessage());
            }
        }));
        err.println("Running until Ctrl-C. Through Envoy, and directly to the app:");
        for (var reproduction : reproductions) {
            err.printf("  curl -i %s%n", lab.uri(reproduction.scenario()));
            err.printf("  curl -i %s%n", lab.appUri(reproduction.scenario()));
        }
        var view = new PassedRequestView(
                out(),
                output.format == OutputOption.Format.JSON ? CiOutputOption.Format.JSON : CiOutputOption.Format.TEXT);
        LiveLog.Listener shown = request -> {
            view.print(framework.map(request::madeBy).orElse(request));
            return !out().checkError();
        };
        for (var each : lab.outputs()) {
            int mark = each.mark();
            Thread.ofPlatform().daemon().name("live-log").start(() -> follow(live, each, mark, shown, err));
        }
        over.await();
        ending = true;
    }

    /** Shows what others ask, until Envoy ends. */
    private void follow(LiveLog live, EnvoyOutput envoy, int mark, LiveLog.Listener shown, PrintWriter err) {
        try {
            live.follow(envoy, mark, shown);
            if (out().checkError()) {
                over.countDown();
            } else if (!ending) {
                err.println("Envoy has ended and answers no more requests. Press Ctrl-C.");
            }
        } catch (IOException e) {
            err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeCapture(Lab lab, List<Reproduction> reproductions, PrintWriter err) throws IOException {
        if (capture != null) {
            if (lab.overflown()) {
                err.println("only the beginning of the traffic is written: it is more than is kept");
            }
            CaptureWriter.write(capture, lab.events());
            err.printf("wrote %s; open it in Wireshark, filter: http.request.uri == \"/wrong\"%n", capture);
        }
        if (report != null) {
            StoryPage.write(
                    report,
                    "upstream-reset reproduce",
                    "Made by upstream-reset %s with Envoy %s, configured as istiod configures a sidecar."
                            .formatted(Version.text(), lab.envoyVersion()),
                    reproductions.stream().map(ReproductionStory::of).toList());
            err.printf("wrote %s; open it in a browser%n", report);
        }
    }
}
