// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.AccessLogParser;
import upstreamreset.accesslog.CodecMessage;
import upstreamreset.accesslog.ParsedLine;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.process.ChildLines;
import upstreamreset.wire.Printable;

/**
 * The output of a running Envoy: access-log lines and codec messages, in the order in which Envoy wrote them.
 *
 * <p>Both come through one pipe, and Envoy writes a codec's message before the access-log line of the request that it
 * ends: so when the access-log line is here, its messages are too. A daemon thread reads; any thread may call.
 */
public final class EnvoyOutput {
    /** Tells Envoy's own log from the access log on the same pipe. {@code %_} escapes line ends. */
    static final String LOG_FORMAT = "|%l|%n|%_";

    /** At least this many of the newest lines are kept; older ones go, so that an Envoy that is left running does not fill the heap. */
    public static final int KEPT = 20_000;

    /** The same for a process that writes long lines. */
    private static final int MAX_CHARACTERS = 1 << 25;

    private static final int LAST_WORDS = 8;

    private final List<String> lines = new ArrayList<>();
    private final List<Long> arrivals = new ArrayList<>();
    private int dropped;
    private int characters;
    private boolean ready;
    private int readyAt;
    private boolean ended;

    EnvoyOutput(BufferedReader from) {
        Thread.ofPlatform().daemon().name("envoy-output").start(() -> read(from));
    }

    private void read(BufferedReader from) {
        try (from) {
            var in = new ChildLines(from);
            for (var line = in.next(); line != null; line = in.next()) {
                add(line);
            }
        } catch (IOException e) {
            add("its output broke off: " + e.getMessage());
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        if (lines.size() == 2 * KEPT) {
            drop(KEPT);
        }
        while (characters > MAX_CHARACTERS) {
            drop((lines.size() + 1) / 2);
        }
        lines.add(line);
        arrivals.add(System.nanoTime());
        characters += line.length();
        notifyAll();
    }

    private void drop(int count) {
        var oldest = lines.subList(0, count);
        oldest.forEach(line -> characters -= line.length());
        oldest.clear();
        arrivals.subList(0, count).clear();
        dropped += count;
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** From now on, a line that Envoy's logger did not write is the access log's. */
    synchronized void isReady() {
        ready = true;
        readyAt = mark();
    }

    /** Waits at most {@code timeout} for Envoy to end, and returns whether it has. */
    synchronized boolean awaitEnd(Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        while (!ended && System.nanoTime() < until) {
            wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        }
        return ended;
    }

    synchronized boolean ended() {
        return ended;
    }

    /** Its last words once it has ended; empty while it runs. */
    public synchronized Optional<String> ending() {
        return ended ? Optional.of(lastWords()) : Optional.empty();
    }

    /** The current position in the output, to read later lines from. */
    public synchronized int mark() {
        return dropped + lines.size();
    }

    /**
     * The access-log lines since {@code mark}.
     *
     * @throws EnvoyException when some of the lines since then are not kept any more
     */
    public synchronized List<String> accessLog(int mark) throws EnvoyException {
        return IntStream.range(index(mark), lines.size())
                .filter(this::isAccessLog)
                .mapToObj(lines::get)
                .toList();
    }

    /** A parsed access-log line; istiod's configuration has Istio's format. */
    public static AccessLogEntry entry(String line) throws EnvoyException {
        return switch (AccessLogParser.istio().parse(line)) {
            case AccessLogEntry entry -> entry;
            case ParsedLine.Misfit misfit ->
                throw new EnvoyException("Envoy's access log is not in Istio's format: " + misfit.why());
        };
    }

    /** The beginning of the lines since {@code mark}. */
    private int index(int mark) throws EnvoyException {
        if (mark < dropped) {
            throw new EnvoyException("Envoy wrote %d lines where at most %d are kept: %d of them are gone."
                    .formatted(mark() - mark, KEPT, dropped - mark));
        }
        return mark - dropped;
    }

    /** Waits until there are {@code count} access-log lines since {@code mark}, and returns these. */
    public List<String> awaitAccessLog(int mark, int count, Duration timeout)
            throws EnvoyException, InterruptedException {
        return await(mark, found -> found.size() >= count, count + " access-log lines", timeout);
    }

    /** Waits for an access-log line since {@code mark} that {@code matches}, and returns the first. */
    public String awaitAccessLog(int mark, Predicate<String> matches, Duration timeout)
            throws EnvoyException, InterruptedException {
        return await(mark, found -> found.stream().anyMatch(matches), "the access-log line", timeout).stream()
                .filter(matches)
                .findFirst()
                .orElseThrow();
    }

    private synchronized List<String> await(int mark, Predicate<List<String>> enough, String what, Duration timeout)
            throws EnvoyException, InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        while (true) {
            var found = accessLog(mark);
            if (enough.test(found)) {
                return found;
            }
            if (ended) {
                throw new EnvoyException("Envoy ended before it wrote " + what + ". " + lastWords());
            }
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new EnvoyException("Envoy wrote %d access-log lines within %d ms, where %s was expected"
                        .formatted(found.size(), timeout.toMillis(), what));
            }
            wait(left / 1_000_000 + 1);
        }
    }

    /**
     * A line of the access log.
     *
     * @param reasons why the codecs refused responses, since the line before it
     * @param gone how many lines before it were not looked at in time, and are not kept any more
     * @param arrived when it came, by {@link System#nanoTime}
     * @param mark where the next one is looked for
     */
    public record Logged(String line, List<String> reasons, int gone, long arrived, int mark) {
        public Logged {
            reasons = List.copyOf(reasons);
        }
    }

    /** The first access-log line since {@code mark} that is kept, as soon as it is there. Empty when Envoy has ended. */
    public synchronized Optional<Logged> awaitNext(int mark) throws InterruptedException {
        var reasons = new ArrayList<String>();
        int gone = Math.max(0, dropped - mark);
        int from = mark;
        while (true) {
            for (int i = Math.max(from, dropped) - dropped; i < lines.size(); i++) {
                if (isAccessLog(i)) {
                    return Optional.of(new Logged(lines.get(i), reasons, gone, arrivals.get(i), dropped + i + 1));
                }
                CodecMessage.parse(lines.get(i)).flatMap(CodecMessage::reason).ifPresent(reasons::add);
            }
            from = mark();
            if (ended) {
                return Optional.empty();
            }
            wait();
        }
    }

    /**
     * The messages of Envoy's upstream codecs since {@code mark}.
     *
     * @throws EnvoyException when some of the lines since then are not kept any more
     */
    public synchronized List<CodecMessage> codecMessages(int mark) throws EnvoyException {
        return lines.subList(index(mark), lines.size()).stream()
                .flatMap(line -> CodecMessage.parse(line).stream())
                .toList();
    }

    /** The last lines of Envoy's own log, without its debug messages, as the end of an error message. */
    synchronized String lastWords() {
        var words = new ArrayList<String>();
        for (int i = lines.size() - 1; i >= 0 && words.size() < LAST_WORDS; i--) {
            if (!isAccessLog(i) && !lines.get(i).startsWith("|debug|")) {
                words.addFirst(Printable.words(lines.get(i)));
            }
        }
        return words.isEmpty() ? "It said nothing." : "Its last words: " + String.join(" / ", words);
    }

    private boolean isAccessLog(int index) {
        return ready && dropped + index >= readyAt && !lines.get(index).startsWith("|");
    }
}
