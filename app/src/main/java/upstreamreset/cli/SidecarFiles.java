// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.output.ResultFile;
import upstreamreset.page.PageFile;
import upstreamreset.page.StoryPage;
import upstreamreset.sidecar.AskedRequest;
import upstreamreset.sidecar.FrontedApp;
import upstreamreset.sidecar.PassedRequest;
import upstreamreset.sidecar.SidecarJunit;
import upstreamreset.sidecar.SidecarStories;

/**
 * The files that {@code sidecar} writes at its end: the traffic as a capture, the requests as a page, and those of {@code
 * --ask} as JUnit XML.
 */
final class SidecarFiles {
    /** Traffic beyond that is not in the capture. */
    static final long MAX_BYTES = 64L << 20;

    private @Nullable Path capture;
    private @Nullable Path report;
    private @Nullable Path junit;
    private final SidecarStories stories = new SidecarStories();
    private final AtomicBoolean written = new AtomicBoolean();

    void addTo(Syntax syntax) {
        syntax.option("--capture", "FILE", Path.class, value -> capture = value)
                .names("-w", "--capture")
                .description("At the end, write the traffic between Envoy and the app as pcapng, for Wireshark.");
        syntax.option("--report", "FILE", Path.class, value -> report = value)
                .description("At the end, write the requests as a self-contained HTML page.");
        syntax.option("--junit", "FILE", Path.class, value -> junit = value)
                .description("Also write JUnit XML, with a test case and its time for each --ask.");
    }

    /** Whether the traffic must be kept. */
    boolean wantTraffic() {
        return capture != null;
    }

    /** Takes a request for the page. */
    void add(PassedRequest request) {
        if (report != null) {
            stories.add(request);
        }
    }

    /** Takes a request of {@code --ask} for the page. */
    void add(AskedRequest request) {
        if (report != null) {
            stories.add(request);
        }
    }

    /** Fails before any work where one could not be written later. */
    void check(Command command, boolean asks, @Nullable Path mesh) throws IOException {
        if (junit != null && !asks) {
            throw command.misuse("--junit writes a test case for each --ask; give one");
        }
        command.checkDistinct("--capture", capture, "--report", report);
        command.checkDistinct("--capture", capture, "--junit", junit);
        command.checkDistinct("--junit", junit, "--report", report);
        var inputs = mesh == null ? List.<String>of() : List.of(mesh.toString());
        command.checkOutput("--capture", capture, inputs);
        command.checkOutput("--report", report, inputs);
        command.checkOutput("--junit", junit, inputs);
        if (capture != null) {
            CaptureWriter.check(capture);
        }
        if (report != null) {
            PageFile.check(report);
        }
        if (junit != null) {
            ResultFile.check("the JUnit XML", junit);
        }
    }

    /** Writes them, once, and says what was not seen. */
    void write(Command command, FrontedApp app, List<AskedRequest> asked) throws IOException {
        if (written.getAndSet(true)) {
            return;
        }
        var err = command.err();
        app.remarks().forEach(err::println);
        if (junit != null) {
            ResultFile.write(junit, SidecarJunit.of(asked));
        }
        if (capture != null) {
            if (app.overflown()) {
                err.printf(
                        "only the beginning of the traffic is written: it is more than the %d MB that are kept%n",
                        MAX_BYTES >> 20);
            }
            CaptureWriter.write(capture, app.events());
            err.printf("wrote %s; open it in Wireshark%n", capture);
        }
        if (report != null) {
            StoryPage.write(report, "upstream-reset sidecar", under(app), stories.stories());
            err.printf("wrote %s; open it in a browser%n", report);
        }
    }

    private String under(FrontedApp app) throws IOException {
        int omitted = stories.omitted();
        return "Made by upstream-reset %s with Envoy %s, configured as istiod configures a sidecar.%s"
                .formatted(
                        Version.text(),
                        app.envoyVersion(),
                        omitted == 0
                                ? ""
                                : " %d more request%s passed and %s not shown."
                                        .formatted(omitted, omitted == 1 ? "" : "s", omitted == 1 ? "is" : "are"));
    }
}
