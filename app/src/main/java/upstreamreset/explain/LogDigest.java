// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import upstreamreset.accesslog.LineJoiner;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.PartialLines;
import upstreamreset.scrap.Scrap;

/**
 * Takes a log line by line: counts all of it, and keeps the part that is explained request by request. Memory is
 * bounded whatever the log's length.
 */
public final class LogDigest {
    /** So many requests are explained one by one; of a longer log one example for each way to fail. */
    public static final int MAX_EXPLAINED = 20;

    private static final int MAX_KEPT = 10_000;

    /**
     * A request with more lines is not a single request: a load generator sends one x-request-id with all of its
     * requests.
     */
    private static final int MAX_LINES_A_REQUEST = 100;

    private static final int TOP = 10;
    private static final int MAX_EXAMPLES = TOP * TOP;

    private final LogReader reader;
    private final PartialLines partial = new PartialLines();
    private final QuoteMarks quotes = new QuoteMarks();
    private final LineJoiner joiner;
    private final Explainer explainer;
    private final ScrapLog scraps;
    private final Map<String, List<Hop>> byRequest = new LinkedHashMap<>();
    private final Map<String, Hop> examples = new LinkedHashMap<>();
    private final List<LogLine.Ambient> connections = new ArrayList<>();
    private final CodecLog codec = new CodecLog();
    private final TopCounts causes = new TopCounts();
    private final TopCounts hosts = new TopCounts();
    private final TopCounts paths = new TopCounts();
    private @Nullable LiveRequests live;
    private Consumer<Hop> failures = _ -> {};
    private boolean sharedId;
    private String firstForeign = "";
    private long lines;
    private long requests;
    private long failed;
    private long foreign;

    public LogDigest(LogReader reader, Explainer explainer) {
        this.reader = reader;
        this.joiner = new LineJoiner(reader, CodecLog::isComplete, this::read);
        this.explainer = explainer;
        this.scraps = new ScrapLog(explainer);
    }

    /** The line from {@code from} to {@code to}; most of a long log's are counted without being made text. */
    public void add(byte[] line, int from, int to) {
        if (requests >= MAX_KEPT && reader.isClean(line, from, to)) {
            flush();
            lines++;
            requests++;
        } else {
            add(new String(line, from, to - from, StandardCharsets.UTF_8));
        }
    }

    /** A line, of which a wrapped one is but a part; an empty one is not counted. */
    public void add(String line) {
        lines += line.isBlank() ? 0 : 1;
        partial.add(line, this::whole);
    }

    private void whole(String given) {
        var line = quotes.without(given, scraps.isTranscript());
        if (!scraps.takes(line)) {
            joiner.line(line, lines);
        }
    }

    /** Reads the held lines without waiting for more. */
    private void flush() {
        partial.end(this::whole);
        joiner.end();
    }

    /** From now on {@code listener} gets each line of a request that failed. */
    public void onFailure(Consumer<Hop> listener) {
        failures = listener;
    }

    /** How many lines were read. */
    long lines() {
        return lines;
    }

    /** From now on {@link #news} tells each failed request once; {@code all} of them, or only those to come. */
    void follow(boolean all) {
        flush();
        var requests = new LiveRequests();
        if (all) {
            byRequest.forEach((key, hops) -> hops.forEach(hop -> requests.add(key, hop)));
            connections.forEach(requests::add);
        } else {
            codec.forget();
        }
        live = requests;
    }

    /** What failed since, where no further line is expected; {@code paused} says that no line is on its way. */
    List<Explanation> news(boolean paused, boolean all) {
        if (live == null) {
            return List.of();
        }
        if (paused || all) {
            flush();
        }
        var requests = live.beat(all);
        if (requests.isEmpty()) {
            return List.of();
        }
        var hops = requests.stream().map(LiveRequests.Live::hops).toList();
        var explanations = explanations(hops, codec.take(hops));
        return IntStream.range(0, requests.size())
                .mapToObj(i -> requests.get(i).isAgain() ? explanations.get(i).toldBefore() : explanations.get(i))
                .toList();
    }

    List<LogLine.Ambient> newConnections() {
        return live == null ? List.of() : live.failedConnections();
    }

    private void read(LogLine line, long number, String text) {
        switch (line) {
            case LogLine.Access access -> request(Hop.of(access));
            case LogLine.Ambient ambient -> connection(ambient);
            case LogLine.Codec(String message) -> codec.codec(message);
            case LogLine.Http2(String said) -> codec.http2(said);
            case LogLine.Head() -> {}
            case LogLine.Foreign(String why) -> other(text, number, why);
        }
    }

    /** A line that is not a log line may still be a meaningful text. */
    private void other(String text, long number, String why) {
        var scrap = scraps.read(text);
        scrap.flatMap(Scrap::refusal).ifPresent(codec::codec);
        if (scrap.isEmpty() && foreign++ == 0) {
            firstForeign = "line %d is not an access-log line: %s".formatted(number, why);
        }
    }

    /** The text beside log lines, without repetitions of their content: Envoy's own log quotes their details. */
    List<ScrapLog.Counted> scraps() {
        flush();
        var told = byRequest.values().stream()
                .flatMap(List::stream)
                .filter(hop -> hop.exchange().failed())
                .flatMap(hop -> hop.entry().text(LogField.RESPONSE_CODE_DETAILS).stream())
                .collect(Collectors.toSet());
        return scraps.found(isLong() ? TOP : MAX_EXPLAINED).stream()
                .filter(scrap -> told.isEmpty() || !scrap.explanation().isAttempt())
                .filter(scrap -> told.stream()
                        .noneMatch(details -> scrap.explanation().words().contains(details)))
                .toList();
    }

    /** Whether it recognised anything besides log lines. */
    public boolean hasScraps() {
        return !scraps().isEmpty();
    }

    /** Whether something of it tells of a failure. */
    public boolean scrapsFailed() {
        return scraps().stream().anyMatch(scrap -> scrap.explanation().failed());
    }

    /** A connection that failed is kept, and one that did not while there are few. */
    private void connection(LogLine.Ambient line) {
        requests++;
        boolean broke = line.connection().error().isPresent();
        if (broke) {
            failed++;
            causes.add("TCP, ztunnel: " + AmbientCause.of(line.connection()).cause());
        }
        if (live != null) {
            live.add(line);
        }
        if (connections.size() < (broke ? MAX_EXAMPLES : MAX_EXPLAINED)) {
            connections.add(line);
        }
    }

    /** Connections of Istio's ambient mode: each of a short log, of a long one some that failed. */
    List<LogLine.Ambient> connections() {
        flush();
        boolean many = isLong();
        return connections.stream()
                .filter(line -> !many || line.connection().error().isPresent())
                .limit(many ? TOP : MAX_EXPLAINED)
                .toList();
    }

    private void request(Hop hop) {
        requests++;
        var key = hop.entry().text(LogField.REQUEST_ID).orElse("line " + lines);
        if (requests <= MAX_KEPT) {
            keep(key, hop);
        }
        if (live != null) {
            live.add(key, hop);
        }
        if (hop.exchange().failed()) {
            count(hop);
        }
    }

    private void keep(String key, Hop hop) {
        var together = byRequest.computeIfAbsent(key, _ -> new ArrayList<>());
        if (together.size() < MAX_LINES_A_REQUEST) {
            together.add(hop);
        } else {
            sharedId = true;
        }
    }

    private void count(Hop hop) {
        failed++;
        failures.accept(hop);
        var cause = cause(hop);
        var entry = hop.entry();
        causes.add(cause);
        hosts.add(entry.text(LogField.AUTHORITY).orElse("(no authority)"));
        paths.add(entry.text(LogField.PATH).map(LogDigest::withoutQuery).orElse("(no path)"));
        if (examples.size() < MAX_EXAMPLES) {
            examples.putIfAbsent(cause, hop);
        }
    }

    public LogSummary summary() {
        flush();
        return new LogSummary(
                lines, requests, failed, foreign, firstForeign, causes.top(TOP), hosts.top(TOP), paths.top(TOP));
    }

    /** Whether there are more requests than are explained one by one. */
    public boolean isLong() {
        flush();
        return byRequest.size() + connections.size() > MAX_EXPLAINED || requests > MAX_KEPT || sharedId;
    }

    /** Each request of a short log; of a long one an example for each of the most frequent ways to fail. */
    public List<Explanation> explanations() {
        flush();
        var requests = explained();
        return explanations(requests, codec.claims(requests).claimed());
    }

    private List<Explanation> explanations(List<List<Hop>> requests, List<CodecSaid> claimed) {
        return IntStream.range(0, requests.size())
                .mapToObj(i -> explainer.explain(requests.get(i), claimed.get(i)))
                .toList();
    }

    /** The codec's messages about requests without lines. */
    public List<CodecRefusal> unclaimedRefusals() {
        if (isLong()) {
            return List.of();
        }
        return codec.claims(explained()).left().stream()
                .distinct()
                .limit(TOP)
                .map(said -> CodecRefusal.of(said, 0))
                .toList();
    }

    private List<List<Hop>> explained() {
        if (!isLong()) {
            return List.copyOf(byRequest.values());
        }
        return causes.top(TOP).stream()
                .flatMap(count -> Optional.ofNullable(examples.get(count.name())).stream())
                .map(this::together)
                .distinct()
                .toList();
    }

    private List<Hop> together(Hop example) {
        return example.entry()
                .text(LogField.REQUEST_ID)
                .flatMap(id -> Optional.ofNullable(byRequest.get(id)))
                .filter(hops -> hops.size() < MAX_LINES_A_REQUEST)
                .orElse(List.of(example));
    }

    /** For example {@code 502 UPE protocol error, made by the server's sidecar}. */
    private static String cause(Hop hop) {
        var exchange = hop.exchange();
        var flags = String.join(",", hop.entry().flags());
        var why = hop.reason()
                .map(reason -> " " + reason.text())
                .orElse(exchange.details().map(details -> " " + details.name()).orElse(""));
        return (exchange.isTcp() ? "TCP" : exchange.status()) + " " + (flags.isEmpty() ? "-" : flags) + why
                + (exchange.madeHere() ? ", made by " : ", passed on by ")
                + hop.side().text();
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
