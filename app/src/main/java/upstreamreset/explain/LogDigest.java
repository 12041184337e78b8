// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.ResponseFlag;

/**
 * Takes a log line by line: counts all of it, and keeps as much as is explained request by request. Memory is bounded
 * whatever the log's length.
 */
public final class LogDigest {
    /** So many requests are explained one by one; of a longer log one example for each way to fail. */
    public static final int EXPLAINED = 20;

    private static final int KEPT = 10_000;

    /** More lines are no request's: a load generator sends one x-request-id with all. */
    private static final int LINES_A_REQUEST = 100;

    private static final int TOP = 10;

    private final LogReader reader;
    private final Explainer explainer;
    private final Map<String, List<LogLine.Access>> byRequest = new LinkedHashMap<>();
    private final Map<String, LogLine.Access> examples = new LinkedHashMap<>();
    private final Deque<String> codec = new ArrayDeque<>();
    private final TopCounts causes = new TopCounts();
    private final TopCounts hosts = new TopCounts();
    private final TopCounts paths = new TopCounts();
    private boolean sharedId;
    private String firstForeign = "";
    private long lines;
    private long requests;
    private long failed;
    private long foreign;

    public LogDigest(LogReader reader, Explainer explainer) {
        this.reader = reader;
        this.explainer = explainer;
    }

    /** The line from {@code from} to {@code to}; most of a long log's are counted without being made text. */
    public void add(byte[] line, int from, int to) {
        if (requests >= KEPT && reader.isClean(line, from, to)) {
            lines++;
            requests++;
        } else {
            add(new String(line, from, to - from, StandardCharsets.UTF_8));
        }
    }

    /** An empty line is none. */
    public void add(String line) {
        if (line.isBlank()) {
            return;
        }
        lines++;
        switch (reader.read(line)) {
            case LogLine.Access access -> request(access);
            case LogLine.Codec(String message) -> {
                if (codec.size() < KEPT) {
                    codec.add(message);
                }
            }
            case LogLine.Foreign(String why) -> {
                if (foreign++ == 0) {
                    firstForeign = "line %d: %s".formatted(lines, why);
                }
            }
        }
    }

    private void request(LogLine.Access access) {
        requests++;
        var entry = access.entry();
        if (requests <= KEPT) {
            var key = entry.text(LogField.REQUEST_ID).orElse("line " + lines);
            var together = byRequest.computeIfAbsent(key, each -> new ArrayList<>());
            if (together.size() < LINES_A_REQUEST) {
                together.add(access);
            } else {
                sharedId = true;
            }
        }
        var hop = Hop.of(access);
        if (!hop.exchange().failed()) {
            return;
        }
        failed++;
        var cause = cause(hop);
        causes.add(cause);
        hosts.add(entry.text(LogField.AUTHORITY).orElse("(no authority)"));
        paths.add(entry.text(LogField.PATH).map(LogDigest::withoutQuery).orElse("(no path)"));
        if (examples.size() < TOP * TOP) {
            examples.putIfAbsent(cause, access);
        }
    }

    public LogSummary summary() {
        return new LogSummary(
                lines, requests, failed, foreign, firstForeign, causes.top(TOP), hosts.top(TOP), paths.top(TOP));
    }

    /** Whether there are more requests than are explained one by one. */
    public boolean isLong() {
        return byRequest.size() > EXPLAINED || requests > KEPT || sharedId;
    }

    /** Each request of a short log; of a long one an example for each of the most frequent ways to fail. */
    public List<Explanation> explanations() {
        var unclaimed = new ArrayDeque<>(codec);
        if (!isLong()) {
            return byRequest.values().stream()
                    .map(together -> explain(together, unclaimed))
                    .toList();
        }
        return causes.top(TOP).stream()
                .map(count -> examples.get(count.name()))
                .flatMap(example -> Optional.ofNullable(example).stream())
                .map(this::together)
                .distinct()
                .map(each -> explain(each, unclaimed))
                .toList();
    }

    /** What the codec said of requests whose lines are not there. */
    public List<String> unclaimedCodecMessages() {
        long claimed = isLong()
                ? codec.size()
                : byRequest.values().stream().filter(LogDigest::refused).count();
        return codec.stream().skip(claimed).distinct().limit(TOP).toList();
    }

    private List<LogLine.Access> together(LogLine.Access example) {
        return example.entry()
                .text(LogField.REQUEST_ID)
                .flatMap(id -> Optional.ofNullable(byRequest.get(id)))
                .filter(lines -> lines.size() < LINES_A_REQUEST)
                .orElse(List.of(example));
    }

    /** Codec messages carry no request: they belong to the refused responses in their order. */
    private Explanation explain(List<LogLine.Access> together, Deque<String> unclaimed) {
        return explainer.explain(
                together, refused(together) ? Optional.ofNullable(unclaimed.poll()) : Optional.empty());
    }

    private static boolean refused(List<LogLine.Access> together) {
        return together.stream()
                .map(Hop::of)
                .anyMatch(hop -> hop.exchange().flags().contains(ResponseFlag.UPE)
                        || hop.reason()
                                .map(reason -> reason.text().equals("protocol error"))
                                .orElse(false));
    }

    /** For example {@code 502 UPE protocol error, made by the server's sidecar}. */
    private static String cause(Hop hop) {
        var flags = String.join(",", hop.entry().flags());
        var why = hop.reason()
                .map(reason -> " " + reason.text())
                .orElse(hop.exchange()
                        .details()
                        .map(details -> " " + details.name())
                        .orElse(""));
        return (hop.exchange().isTcp() ? "TCP" : hop.exchange().status()) + " " + (flags.isEmpty() ? "-" : flags) + why
                + (hop.exchange().madeHere() ? ", made by " : ", passed on by ")
                + hop.side().text();
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
