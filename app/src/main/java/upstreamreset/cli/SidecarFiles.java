// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.framework.Framework;
import upstreamreset.inspect.Inspection;
import upstreamreset.inspect.StreamPage;
import upstreamreset.output.ResultFile;
import upstreamreset.sidecar.AskedRequest;
import upstreamreset.sidecar.FrontedApp;
import upstreamreset.sidecar.SidecarJunit;

/**
 * The files that {@code sidecar} writes at its end: the traffic as a capture and as a page, and the requests of {@code
 * --ask} as JUnit XML.
 */
final class SidecarFiles {
    /** Traffic beyond that is in neither capture nor page. */
    static final long MAX_BYTES = 64L << 20;

    private @Nullable Path capture;
    private @Nullable Path report;
    private @Nullable Path junit;
    private final AtomicBoolean written = new AtomicBoolean();

    void addTo(Syntax syntax) {
        syntax.option("--capture", "FILE", Path.class, value -> capture = value)
                .names("-w", "--capture")
                .description("At the end, write the traffic between Envoy and the app as pcapng, for Wireshark.");
        syntax.option("--report", "FILE", Path.class, value -> report = value)
                .description("At the end, write the same traffic as a self-contained HTML page.");
        syntax.option("--junit", "FILE", Path.class, value -> junit = value)
                .description("Also write JUnit XML, with a test case and its time for each --ask.");
    }

    /** Whether what passes must be kept. */
    boolean wanted() {
        return capture != null || report != null;
    }

    /** Fails before any work where one could not be written later. */
    void check(Command command, boolean asks) throws IOException {
        if (junit != null && !asks) {
            throw command.misuse("--junit writes a test case for each --ask; give one");
        }
        command.checkDistinct("--capture", capture, "--report", report);
        command.checkDistinct("--capture", capture, "--junit", junit);
        command.checkDistinct("--junit", junit, "--report", report);
        if (capture != null) {
            CaptureWriter.check(capture);
        }
        if (report != null) {
            StreamPage.check(report);
        }
        if (junit != null) {
            ResultFile.check("the JUnit XML", junit);
        }
    }

    /** Writes them, once. */
    void write(Command command, FrontedApp app, List<AskedRequest> asked, Optional<Framework> framework)
            throws IOException {
        if (written.getAndSet(true)) {
            return;
        }
        var err = command.err();
        if (junit != null) {
            ResultFile.write(junit, SidecarJunit.of(asked));
        }
        if (wanted() && app.overflown()) {
            err.printf("only the first %d MB of the traffic are written%n", MAX_BYTES >> 20);
        }
        var events = app.events();
        if (capture != null) {
            CaptureWriter.write(capture, events);
            err.printf("wrote %s; open it in Wireshark%n", capture);
        }
        if (report != null) {
            StreamPage.write(
                    report,
                    "upstream-reset sidecar",
                    "",
                    events,
                    Inspection.of(events, app.envoyVersion()).stream()
                            .map(each -> framework.map(each::madeBy).orElse(each))
                            .toList(),
                    (_, _) -> 0);
            err.printf("wrote %s; open it in a browser%n", report);
        }
    }
}
