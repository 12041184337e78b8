// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many bytes of good responses reader and codec model judge in a second on one core; for the bench. Each response goes
 * through both, in segments of 16 KiB; what they find is used, so that no work can be left out.
 */
final class FramingMain {
    private static final int SEGMENT = 16 * 1024;
    private static final long ROUND_NANOS = Long.getLong("framing.round.millis", 1_000) * 1_000_000;
    private static final int ROUNDS = Integer.getInteger("framing.rounds", 15);
    private static final int WARM_UP = 5;

    private FramingMain() {}

    private record Corpus(String name, List<byte[]> responses) {}

    public static void main(String... args) {
        var all = new ArrayList<byte[]>();
        var corpora = new ArrayList<Corpus>();
        for (var each : List.of(
                new Corpus("1 KB JSON", List.of(length(1_000))),
                new Corpus("64 KB in chunks of 8 KB", List.of(chunked(64_000, 8_000))),
                new Corpus("64 KB by length", List.of(length(64_000))),
                new Corpus("1 MB in chunks of 16 KB", List.of(chunked(1_000_000, 16_000))))) {
            corpora.add(each);
            all.addAll(each.responses());
        }
        corpora.add(new Corpus("all, as many of each", all));
        for (var corpus : corpora) {
            System.out.printf("%s: %.0f%n", corpus.name(), megabytesASecond(corpus.responses()));
        }
    }

    /** The median round, after some to warm up. */
    private static double megabytesASecond(List<byte[]> responses) {
        var rates = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double rate = round(responses);
            if (round >= 0) {
                rates[round] = rate;
            }
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static double round(List<byte[]> responses) {
        long begin = System.nanoTime();
        long bytes = 0;
        long now = begin;
        while (now - begin < ROUND_NANOS) {
            for (var response : responses) {
                judge(response);
                bytes += response.length;
            }
            now = System.nanoTime();
        }
        return bytes / 1e6 / ((now - begin) / 1e9);
    }

    private static void judge(byte[] response) {
        var reader = new ResponseReader("GET", 0);
        var codec = new EnvoyCodec("1.40.0", "GET");
        for (int at = 0; at < response.length; at += SEGMENT) {
            int length = Math.min(SEGMENT, response.length - at);
            reader.feed(response, at, length);
            codec.dispatch(response, at, length);
        }
        var report = reader.finish(ConnectionEnd.OPEN);
        if (!report.complete()
                || !report.violations().isEmpty()
                || codec.verdict(ConnectionEnd.OPEN).outcome() != Outcome.PASSES) {
            throw new IllegalStateException("a good response was found bad: " + report);
        }
    }

    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Date: Sun, 22 Nov 2026 21:00:00 GMT\r
            Server: bench\r
            Content-Type: application/json; charset=utf-8\r
            Cache-Control: no-store\r
            X-Request-Id: 0a1b2c3d-4e5f-6789-abcd-ef0123456789\r
            Vary: Accept-Encoding\r
            """;

    private static byte[] length(int size) {
        return bytes(HEAD + "Content-Length: " + size + "\r\n\r\n" + "x".repeat(size));
    }

    private static byte[] chunked(int size, int chunk) {
        var one = Integer.toHexString(chunk) + "\r\n" + "x".repeat(chunk) + "\r\n";
        return bytes(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + one.repeat(size / chunk) + "0\r\n\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
