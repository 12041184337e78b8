// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.kubernetes.KubeSocket;
import upstreamreset.wire.Printable;

/**
 * A command in a container, through the API server and the kubelet: this stream is its stdout, byte for byte. Its stdin
 * ends with this connection, however that happens, so a command can detect that its reader is gone.
 *
 * <p>None of it is written into the container's log, which log shippers read. One thread reads; any thread may write
 * and close.
 */
public final class Exec extends InputStream {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;

    private static final int MAX_ERRORS = 8_192;
    private static final long POLL_MILLIS = 60_000;

    private final KubeSocket socket;
    private final StringBuilder errors = new StringBuilder();
    private byte[] waiting = {};
    private int at;
    private boolean ended;
    private OptionalInt exitCode = OptionalInt.empty();
    private Optional<String> cut = Optional.empty();

    private Exec(KubeSocket socket) {
        this.socket = socket;
    }

    /** Starts {@code command} in a container of the Pod. */
    static Exec start(KubeApi api, Pod pod, String container, List<String> command)
            throws ApiException, InterruptedException {
        var words = command.stream()
                .map(word -> "&command=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        var path = pod.path() + "/exec?stdin=true&stdout=true&stderr=true&tty=false&container=" + container + words;
        return new Exec(
                api.open(new KubeRequest("create", "pods/exec " + pod.name(), "GET", path, "", ""), KubeSocket.V4));
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (at == waiting.length) {
            if (ended) {
                return -1;
            }
            take(POLL_MILLIS);
        }
        int count = Math.min(length, waiting.length - at);
        System.arraycopy(waiting, at, bytes, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return waiting.length - at;
    }

    /** Passes over the rest of its output, for its last words and its exit code, for so long at most. */
    void drain(long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        while (!ended && System.nanoTime() < deadline) {
            take(TimeUnit.NANOSECONDS.toMillis(Math.max(1_000_000, deadline - System.nanoTime())));
        }
        at = waiting.length;
    }

    private void take(long millis) throws IOException {
        var next = socket.next(millis);
        if (next.isEmpty()) {
            return;
        }
        var frame = next.get();
        if (frame.isEnd()) {
            ended = true;
            if (exitCode.isEmpty() && cut.isEmpty()) {
                cut = Optional.of(frame.failure().orElse("the connection ended before the command"));
            }
            return;
        }
        switch (frame.channel()) {
            case STDOUT -> {
                waiting = frame.bytes();
                at = 0;
            }
            case STDERR -> addError(frame.bytes());
            case STATUS -> status(frame.bytes());
            default -> {
                // Of a newer protocol, which was not asked for.
            }
        }
    }

    private synchronized void addError(byte[] bytes) {
        errors.append(new String(bytes, StandardCharsets.UTF_8));
        errors.delete(0, Math.max(0, errors.length() - MAX_ERRORS));
    }

    private void status(byte[] bytes) {
        ended = true;
        try {
            var status = KubeApi.parse(new String(bytes, StandardCharsets.UTF_8));
            exitCode = code(status);
            if (exitCode.isEmpty()) {
                cut = Optional.of(Printable.words(status.path("message").asString("the kubelet gives no reason")));
            }
        } catch (ApiException e) {
            cut = Optional.of("its end was not reported as JSON");
        }
    }

    private static OptionalInt code(JsonNode status) {
        if (status.path("status").asString("").equals("Success")) {
            return OptionalInt.of(0);
        }
        for (var cause : status.path("details").path("causes")) {
            var code = cause.path("message").asString("");
            if (cause.path("reason").asString("").equals("ExitCode") && code.matches("\\d{1,3}")) {
                return OptionalInt.of(Integer.parseInt(code));
            }
        }
        return OptionalInt.empty();
    }

    /** Writes a line to its stdin; nothing if the connection has ended. */
    void tell(String line) {
        try {
            socket.send(STDIN, (line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended, and its stdin with it.
        }
    }

    /** Its stderr, or the end of it if that is long. */
    synchronized List<String> errors() {
        return Arrays.stream(errors.toString().split("\\R"))
                .map(Printable::words)
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The command's exit code, where it came to its end and was heard of. */
    OptionalInt exitCode() {
        return exitCode;
    }

    /** Why there is no exit code. */
    Optional<String> cut() {
        return cut;
    }

    @Override
    public void close() {
        socket.close();
    }
}
