// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import upstreamreset.http1.Transport;

/** Detects a port's protocol without requesting a path: by the first bytes of its answer to a greeting. */
public enum PortSpeech {
    TLS,
    HTTP_2,
    HTTP_1,
    UNKNOWN;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR = 3;
    private static final int FRAME_HEAD = 9;
    private static final int SETTINGS = 4;

    /** What a server of HTTP/1 answers whatever its app does: no request at all, and one for no path. */
    private static final List<String> HTTP_1_REQUESTS =
            List.of("GET\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    /** Greets in TLS. */
    public static boolean speaksTls(Transport port) throws IOException {
        port.write(clientHello());
        return of(first(port, 3)) == TLS;
    }

    /** Greets in HTTP/2 (RFC 9113 §3.4), which a server answers with SETTINGS, and one of HTTP/1 with an error. */
    public static PortSpeech ofPreface(Transport port) throws IOException {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var greeting = Arrays.copyOf(preface, preface.length + FRAME_HEAD);
        greeting[preface.length + 3] = SETTINGS;
        port.write(greeting);
        return of(first(port, FRAME_HEAD));
    }

    /** What the first bytes of an answer show. */
    static PortSpeech of(byte[] first) {
        if (new String(first, StandardCharsets.ISO_8859_1).startsWith("HTTP/1")) {
            return HTTP_1;
        }
        if (first.length >= 2 && (first[0] == TLS_HANDSHAKE || first[0] == TLS_ALERT) && first[1] == TLS_MAJOR) {
            return TLS;
        }
        boolean settings = first.length >= FRAME_HEAD
                && first[0] == 0
                && first[3] == SETTINGS
                && first[5] == 0
                && first[6] == 0
                && first[7] == 0
                && first[8] == 0;
        return settings ? HTTP_2 : UNKNOWN;
    }

    /**
     * What a port speaks that closes without a byte when it is asked in HTTP/1.1; empty if it answers to neither greeting, or
     * speaks HTTP/1.1 too: then it is the request that it closes under.
     */
    public static Optional<PortSpeech> behindSilence(Target target) {
        try {
            for (var request : HTTP_1_REQUESTS) {
                try (var port = connect(target)) {
                    port.write(request.getBytes(StandardCharsets.ISO_8859_1));
                    if (of(first(port, FRAME_HEAD)) == HTTP_1) {
                        return Optional.empty();
                    }
                }
            }
            try (var port = connect(target)) {
                if (speaksTls(port)) {
                    return Optional.of(TLS);
                }
            }
            try (var port = connect(target)) {
                return ofPreface(port) == HTTP_2 ? Optional.of(HTTP_2) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Transport connect(Target target) throws IOException {
        return Transport.of(ProbeConnection.connect(InetAddress.getAllByName(target.host()), target.port(), PATIENCE));
    }

    private static byte[] first(Transport port, int wanted) {
        var got = new byte[wanted];
        int count = 0;
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (count < wanted && System.nanoTime() < until) {
                var buffer = new byte[wanted - count];
                int read = port.read(buffer, Math.max(1, (until - System.nanoTime()) / 1_000_000));
                if (read <= 0) {
                    break;
                }
                System.arraycopy(buffer, 0, got, count, read);
                count += read;
            }
        } catch (IOException e) {
            // What came before the end is what is read.
        }
        return Arrays.copyOf(got, count);
    }

    private static byte[] clientHello() throws IOException {
        try {
            var engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            hello.flip();
            var bytes = new byte[hello.remaining()];
            hello.get(bytes);
            return bytes;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM has no TLS", e);
        }
    }
}
