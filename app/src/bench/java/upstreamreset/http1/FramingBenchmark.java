// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.verdict.Outcome;

/**
 * Measures how long one core takes to judge a valid response with the reader and the codec model, in segments of 16 KiB. Large
 * bodies are fast because both look only at the framing, not at the data. {@code scripts/bench framing} runs it and divides.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class FramingBenchmark {
    private static final int SEGMENT = 16 * 1024;
    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Date: Sun, 22 Nov 2026 21:00:00 GMT\r
            Server: bench\r
            Content-Type: application/json; charset=utf-8\r
            Cache-Control: no-store\r
            X-Request-Id: 0a1b2c3d-4e5f-6789-abcd-ef0123456789\r
            Vary: Accept-Encoding\r
            """;

    @Param({"1 KB JSON", "64 KB by length", "64 KB in chunks of 8 KB", "1 MB in chunks of 16 KB"})
    public String response = "";

    private byte[] bytes = {};

    /** Checks that the responses are valid: a violation would measure another path. */
    @Setup
    public void check() {
        bytes = bytes(response);
        if (!judge()) {
            throw new IllegalStateException("a good response was found bad: " + response);
        }
    }

    static byte[] bytes(String response) {
        return switch (response) {
            case "1 KB JSON" -> length(1_000);
            case "64 KB by length" -> length(64_000);
            case "64 KB in chunks of 8 KB" -> chunked(64_000, 8_000);
            case "1 MB in chunks of 16 KB" -> chunked(1_000_000, 16_000);
            default -> throw new IllegalArgumentException(response);
        };
    }

    /** Whether neither finds anything. */
    @Benchmark
    public boolean judge() {
        var reader = new ResponseReader(RequestContext.of("GET"), 0);
        var codec = new EnvoyCodec("1.40.0", RequestContext.of("GET"));
        for (int at = 0; at < bytes.length; at += SEGMENT) {
            int length = Math.min(SEGMENT, bytes.length - at);
            reader.feed(bytes, at, length);
            codec.dispatch(bytes, at, length);
        }
        var report = reader.finish(CloseReason.OPEN);
        return report.complete()
                && report.violations().isEmpty()
                && codec.verdict(CloseReason.OPEN).outcome() == Outcome.PASSES;
    }

    private static byte[] length(int size) {
        return ascii(HEAD + "Content-Length: " + size + "\r\n\r\n" + "x".repeat(size));
    }

    private static byte[] chunked(int size, int chunk) {
        var one = Integer.toHexString(chunk) + "\r\n" + "x".repeat(chunk) + "\r\n";
        return ascii(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + one.repeat(size / chunk) + "0\r\n\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
