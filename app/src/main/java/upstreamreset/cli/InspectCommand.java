// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import upstreamreset.capture.CaptureException;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.CaptureSummary;
import upstreamreset.framework.Framework;
import upstreamreset.inspect.FindingFrames;
import upstreamreset.inspect.InspectedResponse;
import upstreamreset.inspect.Inspection;
import upstreamreset.inspect.InspectionTotals;
import upstreamreset.inspect.InspectionView;
import upstreamreset.inspect.SameFindings;
import upstreamreset.inspect.StreamPage;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.StreamQuality;
import upstreamreset.tcp.StreamRecorder;
import upstreamreset.tcp.StreamSelection;
import upstreamreset.tcp.StreamSelection.Wanted;

/** {@code inspect}: judges every response in captures. */
final class InspectCommand extends Command {
    private static final int MAX_ON_PAGE = 500;
    private static final long MAX_BYTES_ON_PAGE = 1 << 24;

    private final List<String> files = new ArrayList<>();
    private boolean all;
    private String envoyVersion = "";
    private final EnvoyOptions envoy = new EnvoyOptions();
    private @Nullable Path html;
    private final FrameworkOption madeWith = new FrameworkOption();
    private Optional<Framework> framework = Optional.empty();
    private final OutputOption output = new OutputOption();
    private final SelectionOptions selection = new SelectionOptions();

    InputStream in = System.in;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description("Reads captures and judges every response in HTTP/1 and in HTTP/2 without TLS: which"
                        + " bytes break which rule, and what Envoy does with them. Shows the status of"
                        + " gRPC calls.")
                .footer(
                        "%nReads pcap and pcapng, also gzipped. In a mesh, capture on lo: between sidecar and app, traffic is plain text.",
                        "%nExample:", "  tcpdump -i lo -U -w - port 8080 | upstream-reset inspect -");
        syntax.operands("FILE", 1, files).description("Capture files; - is stdin.");
        syntax.flag("--all", value -> all = value)
                .description("Print every response, including those without a problem and those with a problem"
                        + " already shown.");
        envoy.addTo(syntax);
        syntax.option("--report", "FILE", Path.class, value -> html = value)
                .description("Also write a self-contained HTML page for browsing the streams.");
        // The name before all commands had it.
        syntax.option("--html", "FILE", Path.class, value -> html = value).hidden(true);
        selection.addTo(syntax);
        madeWith.addTo(syntax);
        output.addTo(syntax);
    }

    @Override
    public Integer call() throws IOException {
        if (html != null && files.size() > 1) {
            throw misuse("--report writes the page of one capture; name one FILE");
        }
        envoyVersion = usage(envoy::version);
        framework = usage(madeWith::framework);
        var wanted = usage(selection::wanted);
        for (var file : files) {
            checkInput(file);
        }
        if (html != null) {
            StreamPage.check(html);
            checkOutput("--report", html, files);
        }
        try (var finish = new FinishOnInterrupt(files.stream().anyMatch(InspectCommand::isStream))) {
            return files.size() == 1 ? inspectOne(files.getFirst(), wanted, finish) : inspectEach(wanted, finish);
        }
    }

    /** An unreadable one does not affect the others. */
    private int inspectEach(Wanted wanted, FinishOnInterrupt finish) throws IOException {
        boolean found = false;
        boolean unread = false;
        for (var file : files) {
            try {
                int code = inspectOne(file, wanted, finish);
                found |= code == Main.FOUND;
                unread |= code == Main.UNREAD;
            } catch (CaptureException e) {
                err().println("upstream-reset inspect: " + e.getMessage());
                unread = true;
            }
            if (finish.interrupted()) {
                break;
            }
        }
        return Main.exitCode(found, unread);
    }

    /** Whether it can be read once only, and may still be in the making. */
    private static boolean isStream(String file) {
        return file.equals("-") || PipeInput.isPipe(file);
    }

    private int inspectOne(String file, Wanted wanted, FinishOnInterrupt finish) throws IOException {
        if (!isStream(file)) {
            return inspect(null, file, (reader, to) -> reader.read(Path.of(file), to), wanted, finish);
        }
        var name = file.equals("-") ? "stdin" : file;
        var stream = new WantedInput(file.equals("-") ? in : new PipeInput(Path.of(file)));
        if (html == null) {
            return inspect(stream, name, (reader, to) -> reader.read(stream, to), wanted, finish);
        }
        try (var spool = new Spool()) {
            int code = inspect(spool.of(stream), name, (reader, to) -> reader.read(spool.again(), to), wanted, finish);
            if (spool.stopped().isPresent()) {
                err().println("upstream-reset inspect: " + name + ": " + html + " shows only "
                        + spool.stopped().get());
                return Main.exitCode(code == Main.FOUND, true);
            }
            return code;
        }
    }

    /** Reads the capture a second time. */
    @FunctionalInterface
    private interface Again {
        CaptureSummary read(CaptureReader reader, StreamAssembler to) throws IOException;
    }

    /** The file {@code name}, or {@code stream} where there is one. */
    private int inspect(@Nullable InputStream stream, String name, Again again, Wanted wanted, FinishOnInterrupt finish)
            throws IOException {
        var out = out();
        var err = err();
        var forPage = new ArrayList<InspectedResponse>();
        var bytesOnPage = new AtomicLong();
        var frames = new FindingFrames();
        var view = switch (output.format) {
            case TEXT -> InspectionView.text(out);
            case JSON -> InspectionView.json(out, name);
        };
        var quality = new StreamQuality();
        var same = new SameFindings();
        var inspection = new Inspection(envoyVersion, all, seen -> {
            var response = framework.isPresent() ? seen.madeBy(framework.get()) : seen;
            boolean first =
                    all || (html == null && output.format == OutputOption.Format.JSON) || same.isFirst(response);
            view.print(response, first, quality::frame);
            if (html != null
                    && first
                    && forPage.size() < MAX_ON_PAGE
                    && bytesOnPage.addAndGet(response.held()) < MAX_BYTES_ON_PAGE) {
                forPage.add(response);
                frames.remember(response, quality::frame);
            }
        });
        var judging = quality.of(inspection);
        var selected = new StreamSelection(wanted, judging);
        CaptureSummary summary;
        try (var progress = new ProgressLine(err)) {
            var assembler = new StreamAssembler(wanted.all() ? judging : selected);
            var reader = new CaptureReader(
                    name, progress.reading(name, stream == null ? size(Path.of(name)) : 0), out::flush);
            finish.beginReading();
            summary = stream == null ? reader.read(Path.of(name), assembler) : reader.read(stream, assembler);
        } finally {
            finish.endReading();
        }
        summary.stopped().ifPresent(why -> err.println("upstream-reset inspect: " + name + ": " + why));
        var totals = new InspectionTotals(summary, quality.counts(), inspection.totals());
        view.end(totals, same);
        out.flush();
        err.println(name + ": " + totals.text());
        if (!wanted.all()) {
            err.println(
                    selected.selected() == 0
                            ? name + ": no connection matches --port, --host, --stream, --since and --until"
                            : name + ": judged of the connections: " + selected.selected());
        }
        var page = html;
        boolean wrote = page == null
                || wrote(() -> {
                    var found = forPage.stream().map(same::withCount).toList();
                    page(page, again, name, totals.text(), found, frames);
                    err.println("wrote " + page);
                });
        return Main.exitCode(totals.totals().remarkable() > 0, totals.unread() || !wrote);
    }

    /** The capture is read a second time, so that the first pass need not keep unneeded bytes. */
    private static void page(
            Path page, Again again, String name, String totals, List<InspectedResponse> found, StreamPage.Frames frames)
            throws IOException {
        var wanted = found.stream().map(InspectedResponse::stream).collect(Collectors.toSet());
        var recorder = new StreamRecorder(wanted::contains);
        var _ = again.read(new CaptureReader(name), new StreamAssembler(recorder));
        StreamPage.write(page, name, totals, recorder.events(), found, frames);
    }

    private static long size(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.size(file) : 0;
    }
}
