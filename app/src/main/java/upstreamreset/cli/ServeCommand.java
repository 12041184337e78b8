// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.Candidacy;
import upstreamreset.election.kubernetes.CandidateSetup;
import upstreamreset.output.Durations;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;

/**
 * {@code serve}: runs the app until a signal, then drains it.
 *
 * <p>A stop that was asked for is no failure: the exit code after SIGTERM is 0, so that Kubernetes shows a Pod that was
 * scaled down as completed; the JVM's own would be 143, which it shows as an error.
 */
final class ServeCommand extends Command {
    /** For the task's end and the Lease's release: Kubernetes gives a Pod 30 s to end, and the streams need 25 of them. */
    private static final Duration MAX_ELECTION_STOP = Duration.ofSeconds(4);

    private final ElectionSettings election = new ElectionSettings();
    private final Settings settings = new Settings(System.getenv());

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Runs the app: /correct, and /wrong with its doubled Transfer-Encoding.",
                        "On SIGTERM it reports not ready, releases the Lease, lets running streams finish, and exits 0.")
                .footer(
                        "",
                        "An option overrides its environment variable. HOST counts only if it is an address or 'localhost':",
                        "some shells set it to the machine's name, which would expose the app to the network.");
        settings.option(syntax, "--host", "ADDRESS", ServeOptions.LOOPBACK, "Address to listen on; 0.0.0.0 for all.");
        settings.option(syntax, "--port", "N", "8080", "Port to listen on; 0 for any free port.");
        settings.option(
                syntax,
                "--chunks",
                "N",
                String.valueOf(ServeOptions.CHUNKS),
                "Number of chunks in a stream, 1 to 10000.");
        settings.option(
                syntax,
                "--period",
                "TIME",
                Durations.text(ServeOptions.PERIOD),
                "Time before each chunk, 1ms to 1m: 250ms, 1.5s, or plain seconds.");
        settings.option(
                syntax,
                "--drain",
                "TIME",
                Durations.text(ServeOptions.DRAIN),
                "How long running streams may take after SIGTERM, 0 to 1h.");
        settings.option(
                syntax,
                "--live",
                "on|off",
                "on",
                "Whether /events shows the last answers and the election to whoever asks.");
        election.addTo(syntax);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var options = options();
        var log = LoggerFactory.getLogger(ServeCommand.class);
        if (settings.ignoresHost()) {
            log.warn("HOST is ignored: it is a name, as some shells set it; give an address there, or --host");
        }
        var setup = candidate(log);
        var candidacy = new AtomicReference<>(Candidacy.NONE);
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        var hook = new Thread(() -> endCleanly(stop, stopped), "stop");
        // Before the start: a signal may come at any time.
        Runtime.getRuntime().addShutdownHook(hook);
        try (var app = AppServer.start(options, Version.text(), candidacy::get)) {
            log.info("Listening on {}", app.uri());
            setup.ifPresent(each -> candidacy.set(each.start()));
            stop.await();
            app.refuseReadiness();
            candidacy.get().stop(MAX_ELECTION_STOP);
            log.info(
                    "Stopping: streams still running: {}; they have {} s",
                    app.streams(),
                    options.drain().toSeconds());
            long left = app.drain();
            if (left > 0) {
                log.warn("Streams cut off, not at their end in time: {}", left);
            }
            return Main.CLEAN;
        } finally {
            candidacy.get().close();
            stopped.countDown();
            forget(hook);
        }
    }

    /** A start that failed ends with its own exit code, not with the hook's. */
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LoggerFactory.getLogger(ServeCommand.class).debug("The hook is running: it ends the process", e);
        }
    }

    /** Runs in a shutdown hook, where only {@code halt} can still choose the exit code. */
    private static void endCleanly(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
            Runtime.getRuntime().halt(Main.CLEAN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Wrong settings of the election are a wrong command line only where they are on it: the app serves all the same. */
    private Optional<CandidateSetup> candidate(Logger log) {
        try {
            return election.setup();
        } catch (IllegalArgumentException e) {
            if (election.given()) {
                throw misuse(e);
            }
            log.error("No election, only serving: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private ServeOptions options() {
        return usage(() -> new ServeOptions(
                settings.host(),
                settings.number("--port"),
                settings.number("--chunks"),
                settings.time("--period"),
                settings.time("--drain"),
                settings.on("--live")));
    }
}
