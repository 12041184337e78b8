// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * One client that means harm or cannot better, made by chance: slow, silent, huge, malformed or half-closed, in HTTP/1 or HTTP/2. The
 * same seed makes the same client.
 */
final class HostileClient implements Runnable {
    private static final List<String> PATHS = List.of(
            "/",
            "/correct",
            "/wrong",
            "/scenarios",
            "/scenarios/te-twice",
            "/scenarios/field-81-kib",
            "/scenarios/stall",
            "/health",
            "/ready",
            "/metrics",
            "/events",
            "/none",
            "/scenarios/" + "a".repeat(500),
            "/%00?a=b&c",
            "/scenarios/field-81-kib?writes=one-byte",
            "http://" + "a".repeat(8_000) + "/",
            "http://" + "a".repeat(60_000) + "/",
            "*");
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "PRI", "BREW");
    private static final byte[] PREFACE = latin1("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final int MAX_HUGE = 1_500_000;
    /** Of pipelined requests: 400 clients are held at once. */
    private static final int MAX_PIPELINED = 2_000_000;

    /** SETTINGS, PING, WINDOW_UPDATE, RST_STREAM, PRIORITY, CONTINUATION, an empty DATA; a HEADERS that opens and a reset; a dynamic table's entry, often. */
    private static final List<String> FLOODS = List.of(
            "\0\0\6\4\0\0\0\0\0\0\4\0\0\0\0",
            "\0\0\10\6\0\0\0\0\0pingping",
            "\0\0\4\10\0\0\0\0\0\0\0\0\1",
            "\0\0\4\3\0\0\0\0\1\0\0\0\10",
            "\0\0\5\2\0\0\0\0\1\0\0\0\0\1",
            "\0\0\1\1\0\0\0\0\1\u0082" + "\0\0\0\11\0\0\0\0\1".repeat(50),
            "\0\0\0\0\0\0\0\0\1",
            "\0\0\2\1\4\0\0\0\1\u0082\u0084\0\0\4\3\0\0\0\0\1\0\0\0\10",
            "\0\23\u00ee\1\4\0\0\0\1@\1a\177\u0081\37" + "v".repeat(4096) + "\u00be".repeat(1_000));

    /** What it does when it has sent all. */
    private enum End {
        READ_ALL,
        READ_NOTHING,
        READ_BYTE_BY_BYTE,
        HALF_CLOSE_AND_READ,
        RESET,
        LEAVE_AT_ONCE
    }

    private final InetSocketAddress address;
    private final byte[] bytes;
    private final int piece;
    private final long pauseNanos;
    private final End end;
    private final int patience;

    HostileClient(InetSocketAddress address, RandomGenerator random) {
        this.address = address;
        var sent = random.nextInt(4) == 0 ? http2(random) : http1(random);
        bytes = random.nextInt(3) == 0 ? mangled(sent, random) : sent;
        boolean slow = random.nextInt(4) == 0;
        piece = slow ? 1 + random.nextInt(20) : bytes.length + 1;
        pauseNanos = slow ? random.nextLong(1_000_000, 200_000_000) : 0;
        end = End.values()[random.nextInt(End.values().length)];
        patience = random.nextInt(100, 2_000);
    }

    private static byte[] http1(RandomGenerator random) {
        var text = new StringBuilder();
        int requests = random.nextInt(5) == 0 ? random.nextInt(1, 100) : 1;
        requests *= random.nextInt(50) == 0 ? 100 : 1;
        for (int i = 0; i < requests && text.length() < MAX_PIPELINED; i++) {
            text.append(METHODS.get(random.nextInt(random.nextBoolean() ? 1 : METHODS.size())))
                    .append(' ')
                    .append(PATHS.get(random.nextInt(PATHS.size())))
                    .append(random.nextInt(20) == 0 ? " HTTP/3.0\r\n" : " HTTP/1.1\r\n")
                    .append("Host: a\r\n");
            switch (random.nextInt(14)) {
                case 0 ->
                    text.append("X: ")
                            .append("a".repeat(random.nextInt(MAX_HUGE)))
                            .append("\r\n");
                case 1 -> text.append("h: v\r\n".repeat(random.nextInt(3_000)));
                case 2 ->
                    text.append("Content-Length: ")
                            .append(random.nextInt(1_000_000))
                            .append("\r\n");
                case 3 ->
                    text.append("Transfer-Encoding: chunked\r\n\r\n")
                            .append(Integer.toHexString(random.nextInt()))
                            .append("\r\nabc");
                case 4 -> text.append("Expect: 100-continue\r\nContent-Length: 5\r\n");
                case 5 ->
                    text.append("Cookie: ")
                            .append("c".repeat(random.nextInt(60_000)))
                            .append("\r\n");
                case 6 ->
                    text.append("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n");
                case 7 ->
                    text.append("Transfer-Encoding: chunked\r\n\r\n1;")
                            .append("e".repeat(random.nextInt(MAX_HUGE)))
                            .append("\r\na\r\n0\r\n");
                case 8 ->
                    text.append("Transfer-Encoding: chunked\r\n\r\n0\r\n")
                            .append(
                                    random.nextBoolean()
                                            ? "T: " + "t".repeat(random.nextInt(MAX_HUGE))
                                            : "t:\r\n".repeat(50_000));
                case 9 ->
                    text.append("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n")
                            .append("1\r\na\r\n".repeat(random.nextInt(50_000)));
                case 10 -> text.append(": no name\r\n: again\r\n");
                default -> {}
            }
            text.append("\r\n");
        }
        return latin1(text.toString());
    }

    /** Frames of every type, flag and length, most of them wrong; or one that is right, many times. */
    private static byte[] http2(RandomGenerator random) {
        var text = new StringBuilder();
        if (random.nextInt(3) == 0) {
            return latin1(new String(PREFACE, StandardCharsets.ISO_8859_1)
                    + FLOODS.get(random.nextInt(FLOODS.size())).repeat(random.nextInt(20_000)));
        }
        for (int i = random.nextInt(1, 200); i > 0; i--) {
            int length = random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(20);
            var payload = new byte[random.nextInt(8) == 0 ? length / 2 : length];
            random.nextBytes(payload);
            text.append((char) (length >> 16))
                    .append((char) (length >> 8 & 0xff))
                    .append((char) (length & 0xff));
            text.append((char) random.nextInt(12)).append((char) random.nextInt(256));
            text.append("\0\0\0").append((char) random.nextInt(9));
            text.append(new String(payload, StandardCharsets.ISO_8859_1));
        }
        var frames = latin1(text.toString());
        var all = Arrays.copyOf(PREFACE, PREFACE.length + frames.length);
        System.arraycopy(frames, 0, all, PREFACE.length, frames.length);
        return all;
    }

    private static byte[] mangled(byte[] sent, RandomGenerator random) {
        var bytes = sent.clone();
        for (int i = random.nextInt(1, 10); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextBoolean() ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    @Override
    public void run() {
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(end == End.READ_NOTHING || end == End.READ_BYTE_BY_BYTE ? 2_048 : 65_536);
            socket.setSoTimeout(patience);
            socket.connect(address, 5_000);
            long until = System.nanoTime() + patience * 1_000_000L;
            var _ = Thread.ofVirtual().start(() -> closeAt(socket, until));
            var out = socket.getOutputStream();
            for (int at = 0; at < bytes.length && System.nanoTime() < until; at += piece) {
                out.write(bytes, at, Math.min(piece, bytes.length - at));
                LockSupport.parkNanos(pauseNanos);
            }
            switch (end) {
                case READ_ALL -> read(socket, until);
                case READ_NOTHING -> LockSupport.parkNanos(until - System.nanoTime());
                case READ_BYTE_BY_BYTE -> {
                    while (System.nanoTime() < until && socket.getInputStream().read() >= 0) {
                        LockSupport.parkNanos(10_000_000);
                    }
                }
                case HALF_CLOSE_AND_READ -> {
                    socket.shutdownOutput();
                    read(socket, until);
                }
                case RESET -> socket.setSoLinger(true, 0);
                case LEAVE_AT_ONCE -> {}
            }
        } catch (IOException e) {
            // It was refused, cut off or not answered in time.
        }
    }

    /** A write may wait for ever. */
    private static void closeAt(Socket socket, long until) {
        LockSupport.parkNanos(until + 1_000_000_000L - System.nanoTime());
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    private static void read(Socket socket, long until) throws IOException {
        var block = new byte[8192];
        while (System.nanoTime() < until && socket.getInputStream().read(block) >= 0) {}
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
