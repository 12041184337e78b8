// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures the heads on one connection against the {@link Limits} as they arrive, and charges their memory to the
 * budget of all heads.
 */
final class HeadMeter {
    /** Of HTTP/2 this is the preface, and what is more than the preface is a wrong one for the parser to refuse. */
    private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0", "HTTP/2.0");

    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final String END_OF_HEAD = "\r\n\r\n";
    /** The object overhead of a field line and a parameter. */
    private static final int ENTRY_COST = 250;
    /** What every connection may have, however much the others take: a usual request, as Envoy passes it on. */
    static final int FREE_HEAD_COST = 6 * 1024;
    /** Undertow's parser keeps its buffers for the connection's life; of a head this small they do not count. */
    private static final int SMALL_HEAD = 4 * 1024;

    /** Of each IO thread, for as long as {@link #add} runs. */
    private static final ThreadLocal<byte[]> PIECE = ThreadLocal.withInitial(() -> new byte[4 * 1024]);

    private final MemoryBudget memory;
    private boolean http2;
    private boolean wrongVersion;
    private int bytes;
    /** Bytes of empty lines before the request line. */
    private int emptyLines;
    /** The request line's length, those included; 0 before its end. */
    private int requestLine;

    private int fieldLines;
    private int parameters;
    private int endOfHead;
    /** Of the budget: what is retained of former heads, and this head beyond what is free. */
    private long charged;

    private long retained;

    HeadMeter(MemoryBudget memory) {
        this.memory = memory;
    }

    /** Whether the bytes are HTTP/2, of which only the number counts. */
    boolean http2() {
        return http2;
    }

    void inHttp2() {
        http2 = true;
        endOfHead = 0;
    }

    /** The head has come to its end, and the parser has it. */
    void isRead() {
        if (bytes > SMALL_HEAD) {
            retained = Math.max(retained, Math.min(bytes, charged));
        }
    }

    /** Its content is forgotten and its memory released, except for the parser's part. */
    void isForgotten() {
        memory.giveBack(charged - retained);
        charged = retained;
    }

    /** The next head may come. */
    void next() {
        bytes = 0;
        emptyLines = 0;
        requestLine = 0;
        fieldLines = 0;
        parameters = 0;
        endOfHead = 0;
    }

    /** The connection is closed. */
    void giveBack() {
        memory.giveBack(charged);
        charged = 0;
        retained = 0;
    }

    /** Counts bytes, lines and parameters of a head, and what they cost; the reason where a bound is passed. */
    @Nullable
    Refusal add(ByteBuffer dst, int from, int count) {
        if (endOfHead == END_OF_HEAD.length()) {
            return null;
        }
        if (http2) {
            bytes += count;
        }
        for (int added = http2 ? count : 0; added < count && endOfHead < END_OF_HEAD.length(); ) {
            // A buffer's bytes one by one cost more than the parser's work on them.
            var piece = PIECE.get();
            int length = Math.min(piece.length, count - added);
            dst.get(from + added, piece, 0, length);
            int scanned = scan(piece, length);
            added += scanned;
            bytes += scanned;
            if (wrongVersion) {
                return Refusal.OTHER_VERSION;
            }
        }
        // The request line and the empty line end in LF too.
        if (fieldLines > Limits.MAX_FIELD_LINES + 2) {
            return Refusal.TOO_MANY_FIELDS;
        }
        if (parameters > Limits.MAX_PARAMETERS) {
            return Refusal.TOO_MANY_PARAMETERS;
        }
        if (!http2 && (fieldLines == 0 ? bytes : requestLine) > Limits.MAX_REQUEST_LINE_BYTES) {
            return Refusal.TARGET_TOO_LONG;
        }
        if (bytes > (http2 ? Limits.MAX_HTTP2_REQUEST_BYTES : Limits.MAX_HEAD_BYTES)) {
            return Refusal.HEAD_TOO_LARGE;
        }
        long due = retained + Math.max(0, cost(bytes, fieldLines + parameters) - FREE_HEAD_COST);
        if (!memory.take(due - charged)) {
            return Refusal.NO_MEMORY;
        }
        charged = due;
        return null;
    }

    /** Counts lines and parameters up to the head's end; returns how many bytes belong to it. */
    private int scan(byte[] piece, int length) {
        int begin = 0;
        // Empty lines before the request line are no end of a head (RFC 9112 §2.2).
        while (bytes + begin == emptyLines && begin < length && (piece[begin] == '\r' || piece[begin] == '\n')) {
            begin++;
            emptyLines++;
        }
        for (int i = begin; i < length; i++) {
            byte each = piece[i];
            if (each > ';') {
                endOfHead = 0;
                continue;
            }
            endOfHead = each == END_OF_HEAD.charAt(endOfHead) ? endOfHead + 1 : each == '\r' ? 1 : 0;
            if (each == '\n') {
                if (fieldLines == 0) {
                    wrongVersion = otherVersion(piece, i);
                    requestLine = bytes + i + 1;
                }
                fieldLines++;
            } else if ((each == '&' || each == ';') && fieldLines == 0) {
                parameters++;
            }
            if (endOfHead == END_OF_HEAD.length()) {
                return i + 1;
            }
        }
        return length;
    }

    /** What so many bytes with so many field lines and parameters take: the parser's buffer, and the text that it makes of it. */
    static long cost(int bytes, int entries) {
        return 2L * bytes + (long) ENTRY_COST * entries;
    }

    /** Whether the request line that ends at {@code end} names a version of HTTP that nobody speaks here (RFC 9110 §15.6.6). */
    private static boolean otherVersion(byte[] bytes, int end) {
        int begin = end - 1 - VERSION_LENGTH;
        if (begin < 0 || bytes[end - 1] != '\r') {
            return false; // in two reads: the parser decides
        }
        var version = new String(bytes, begin, VERSION_LENGTH, StandardCharsets.ISO_8859_1);
        return version.startsWith("HTTP/") && !VERSIONS.contains(version);
    }
}
