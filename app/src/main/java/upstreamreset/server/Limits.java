// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.time.Duration;

/**
 * The limits for one client, and for all of them together. They do not grow with a request, and do not depend on
 * addresses: behind a sidecar every client is 127.0.0.6.
 *
 * @param connections how many may be open in total
 * @param probeRoom how many more are accepted only for {@code /health}, {@code /ready} and {@code /metrics}
 * @param memoryBytes the estimated heap of all unfinished heads and unread answers together
 * @param head from a request's first byte to the end of its head
 * @param idle between two requests; longer than the clients' own limit, so that the client ends an idle connection
 * @param progress without a byte in either direction, during a request or its answer
 * @param blockedStream without a byte read by a stream's client, while bytes are waiting for it
 * @param silentStream without a byte in either direction, for streams that are slow on purpose
 * @param silentEvents without news for a viewer of the live view before a comment is sent: browsers and proxies end a
 *     silent connection, Envoy after five minutes
 */
record Limits(
        int connections,
        int probeRoom,
        long memoryBytes,
        Duration head,
        Duration idle,
        Duration progress,
        Duration blockedStream,
        Duration silentStream,
        Duration silentEvents) {
    /** Made for a heap of 128 MB and a container of 256 MiB; {@code scripts/bench attack} shows that it holds there. */
    static final Limits STANDARD = new Limits(
            10_000,
            100,
            20L << 20,
            Duration.ofSeconds(15),
            Duration.ofSeconds(180),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofSeconds(15));

    /** Servers should take 8,000 bytes (RFC 9112 §3). */
    static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;

    /** A browser's head with all its cookies, as Envoy and Istio pass it on, is shorter. */
    static final int MAX_HEAD_BYTES = 32 * 1024;

    /** What a chunked body says between two pieces of data: chunk extensions, or its trailer fields. */
    static final int MAX_TRAILER_BYTES = 8 * 1024;

    /** Of a whole request in HTTP/2, with its body, before its answer. */
    static final int MAX_HTTP2_REQUEST_BYTES = 128 * 1024;

    /** The same in frames: clients send some ten before the head. */
    static final int MAX_HTTP2_REQUEST_FRAMES = 256;

    /** Envoy's own bound is 100 (max_request_headers_count's default). */
    static final int MAX_FIELD_LINES = 200;

    static final int MAX_PARAMETERS = 100;

    /** The process's open files besides its connections: the jar, the sockets of the election, timers. */
    private static final int OTHER_FILES = 60;

    /**
     * The same, if this process may open only a limited number of files: without a spare one, it could not refuse a new
     * connection with a message.
     */
    Limits within(long openFiles) {
        long room = Math.max(openFiles - OTHER_FILES - probeRoom, 10);
        return room >= connections
                ? this
                : new Limits(
                        (int) room,
                        probeRoom,
                        memoryBytes,
                        head,
                        idle,
                        progress,
                        blockedStream,
                        silentStream,
                        silentEvents);
    }

    /** How long a client that was refused may take to read why. */
    static final Duration REFUSED = Duration.ofSeconds(2);
}
