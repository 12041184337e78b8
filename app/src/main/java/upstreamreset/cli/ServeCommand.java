// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.Candidacy;
import upstreamreset.election.kubernetes.CandidateSetup;
import upstreamreset.output.Durations;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;

/**
 * {@code serve}: runs the app until a signal, then stops it within a bound: {@code --lame-duck} or the Lease's release,
 * whichever is longer, plus {@code --drain}. During the first part, the app still serves everything but reports not
 * ready, so that clients move away; a second signal ends it at once.
 *
 * <p>A requested stop is not a failure: the exit code after SIGTERM is 0, so that Kubernetes shows a Pod that was
 * scaled down as completed. The JVM's own exit code would be 143, which Kubernetes shows as an error.
 */
final class ServeCommand extends Command {
    /** For the task's end and the Lease's release, beside the lame duck's time. */
    private static final Duration MAX_ELECTION_STOP = Duration.ofSeconds(4);

    private static final Duration LAME_DUCK = Duration.ofSeconds(3);
    private static final Duration MAX_LAME_DUCK = Duration.ofMinutes(1);

    /** The limit for all calls that should take no time, except the two with their own. */
    private static final Duration MAX_OVERTIME = Duration.ofSeconds(2);

    private final ElectionSettings election = new ElectionSettings();
    private final Settings settings = new Settings(System.getenv());

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Runs the app: /correct, and /wrong with its doubled Transfer-Encoding.",
                        "On SIGTERM it reports not ready, releases the Lease, keeps serving until clients have"
                                + " noticed, lets running streams finish, and exits 0. Ctrl-C skips the wait; a"
                                + " second signal ends it at once.")
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
                "--lame-duck",
                "TIME",
                Durations.text(LAME_DUCK),
                "How long to serve new requests after SIGTERM, while not ready, 0 to 1m.");
        settings.option(
                syntax,
                "--drain",
                "TIME",
                Durations.text(ServeOptions.DRAIN),
                "How long running streams may continue after that, 0 to 1h.");
        settings.option(
                syntax,
                "--live",
                "on|off",
                "on",
                "Whether /events shows the last responses and the election to anybody.");
        election.addTo(syntax);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var options = options();
        var lameDuck = usage(this::lameDuck);
        LogConfiguration.queue();
        var log = LoggerFactory.getLogger(ServeCommand.class);
        if (settings.ignoresHost()) {
            log.warn("HOST is ignored: it is a name, as some shells set it; give an address there, or --host");
        }
        var setup = candidate(log);
        var candidacy = new AtomicReference<>(Candidacy.NONE);
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        var bound = longer(lameDuck, MAX_ELECTION_STOP).plus(options.drain()).plus(MAX_OVERTIME);
        var hook = new Thread(() -> endCleanly(stop, stopped, bound), "stop");
        // Before the start: a signal may come at any time.
        Runtime.getRuntime().addShutdownHook(hook);
        try (var app = AppServer.start(options, Version.text(), candidacy::get)) {
            log.info("Listening on {}", app.uri());
            setup.ifPresent(each -> candidacy.set(each.start()));
            while (!stop.await(1, TimeUnit.SECONDS)) {
                app.everySecond();
            }
            app.refuseReadiness();
            var serveOn = StopSignals.interrupted() ? Duration.ZERO : lameDuck;
            log.info(
                    "Stopping: serving for {} more, then {} for running streams; running now: {}",
                    Durations.text(serveOn),
                    Durations.text(options.drain()),
                    app.streams());
            long until = System.nanoTime() + serveOn.toNanos();
            candidacy.get().stop(MAX_ELECTION_STOP);
            TimeUnit.NANOSECONDS.sleep(until - System.nanoTime());
            long left = app.drain();
            if (left > 0) {
                log.warn("Streams cut off at the end of the drain time: {}", left);
            }
            return Main.CLEAN;
        } finally {
            candidacy.get().close();
            LogConfiguration.flush();
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
    private static void endCleanly(CountDownLatch stop, CountDownLatch stopped, Duration bound) {
        StopSignals.endAtTheNext();
        stop.countDown();
        try {
            var _ = stopped.await(bound.toMillis(), TimeUnit.MILLISECONDS);
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

    private Duration lameDuck() {
        var time = settings.time("--lame-duck");
        if (time.isNegative() || time.compareTo(MAX_LAME_DUCK) > 0) {
            throw new IllegalArgumentException(
                    "lame duck of " + Durations.text(time) + " is not between 0s and " + Durations.text(MAX_LAME_DUCK));
        }
        return time;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
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
