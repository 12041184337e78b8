// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.Characters;

/**
 * Finds the parts of a message as Envoy's parser does, segment by segment, quirks included (quiche/balsa/balsa_frame.cc,
 * {@code ProcessInput}, with the policy that Envoy sets in source/common/http/http1/balsa_parser.cc).
 *
 * <p>Over 300 lines, because it is one state machine: split, its states could no longer be held against the original's.
 */
final class BalsaFrame {
    /** Envoy's default for {@code max_response_headers_kb}. */
    static final int HEAD_LIMIT = 80 * 1024;

    private static final String BAD_VERSION = "HPE_INVALID_VERSION";
    private static final int LF_CR_LF = '\n' << 16 | '\r' << 8 | '\n';
    private static final int LF_LF = '\n' << 8 | '\n';

    /** What the parser tells the codec. */
    interface Visitor {
        void head(BalsaHead head);

        void body(byte[] bytes, int offset, int length);

        void trailers(BalsaHead trailers);

        void messageDone();
    }

    enum State {
        HEAD,
        CHUNK_LENGTH,
        CHUNK_EXTENSION,
        CHUNK_DATA,
        CHUNK_TERM,
        LAST_CHUNK_TERM,
        TRAILER,
        UNTIL_CLOSE,
        CONTENT,
        FULLY_READ,
        ERROR
    }

    private final EnvoyVersion version;
    private final Visitor visitor;

    private State state = State.HEAD;
    private State failedIn = State.HEAD;
    private @Nullable String error;
    private BalsaHead head;
    private boolean used;
    private byte[] section = new byte[512];
    private int sectionLength;
    private int[] lineEnds = new int[16];
    private int lines;
    private boolean lastWasCr;
    private boolean sizeDigitSeen;
    private boolean crBehindSize;
    private long remaining;
    private int term;
    private boolean strayBytes;
    private boolean headEndedEarly;

    BalsaFrame(EnvoyVersion version, Visitor visitor) {
        this.version = version;
        this.visitor = visitor;
        this.head = new BalsaHead(version);
    }

    /** Ready for the next message on the connection. */
    void reset() {
        if (used) {
            head = new BalsaHead(version);
        }
        used = true;
        state = State.HEAD;
        sectionLength = 0;
        lines = 0;
        lastWasCr = false;
        sizeDigitSeen = false;
        remaining = 0;
        term = 0;
        headEndedEarly = false;
    }

    State state() {
        return state;
    }

    /** The parser's error, once {@link #state} says so. */
    @Nullable
    String error() {
        return error;
    }

    /** Whether the head ended at a line that others find something in, and go on. */
    boolean headEndedEarly() {
        return headEndedEarly;
    }

    /** How much of the body others still find behind what it could not read, in bytes; negative if that is not clear. */
    long leftToOthers() {
        return switch (failedIn) {
            case CHUNK_EXTENSION -> crBehindSize ? -1 : remaining;
            case FULLY_READ -> 0;
            default -> -1;
        };
    }

    /** Whether bytes between a chunk's data and its line end were dropped: to others that body has no end. */
    boolean strayBytes() {
        return strayBytes;
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return section.length + 4L * lineEnds.length + head.fields().held();
    }

    /** Takes the bytes [from, to) of a segment, answers how many it used: it stops after a head and after a message. */
    int process(byte[] in, int from, int to) {
        int at = from;
        if (state == State.HEAD) {
            return head(in, from, to);
        }
        while (at < to) {
            switch (state) {
                case CHUNK_LENGTH -> at = chunkLength(in, at, to);
                case CHUNK_EXTENSION -> at = chunkExtension(in, from, at, to);
                case CHUNK_DATA -> {
                    at += body(in, at, to);
                    if (remaining == 0) {
                        state = State.CHUNK_TERM;
                        lastWasCr = false;
                    }
                }
                case CHUNK_TERM -> at = chunkTerm(in, at, to);
                case LAST_CHUNK_TERM -> at = lastChunkTerm(in, at, to);
                case TRAILER -> at = trailer(in, at, to);
                case UNTIL_CLOSE -> {
                    visitor.body(in, at, to - at);
                    at = to;
                }
                case CONTENT -> {
                    at += body(in, at, to);
                    if (remaining == 0) {
                        state = State.FULLY_READ;
                        visitor.messageDone();
                    }
                }
                case HEAD, FULLY_READ, ERROR -> {
                    return at - from;
                }
            }
        }
        return at - from;
    }

    private void fail(String message) {
        error = message;
        failedIn = state;
        state = State.ERROR;
    }

    private int body(byte[] in, int at, int to) {
        int taken = Long.compareUnsigned(remaining, to - at) < 0 ? (int) remaining : to - at;
        visitor.body(in, at, taken);
        remaining -= taken;
        return taken;
    }

    private int head(byte[] in, int from, int to) {
        int stop = Math.min(to, from + HEAD_LIMIT - sectionLength);
        int begin = from;
        for (int at = from; at < stop; at++) {
            if (in[at] != '\n') {
                continue;
            }
            append(in, begin, at + 1);
            begin = at + 1;
            line(sectionLength);
            if (lines == 1) {
                var problem = head.firstLine(section, sectionLength);
                if (problem != null) {
                    fail(problem);
                    return at - from;
                }
            }
            int length = sectionLength - (lines == 1 ? 0 : lineEnds[lines - 2]);
            // A line of two bytes ends the head if it is CR LF; or if the last segment ended in CR, whatever it is.
            boolean crLf = length == 2 && ((at > from && in[at - 1] == '\r') || lastWasCr);
            if (length == 1 || crLf) {
                headEndedEarly = length == 2 && section[sectionLength - 2] != '\r';
                headDone();
                return at + 1 - from;
            }
        }
        append(in, begin, stop);
        if (stop > from) {
            lastWasCr = in[stop - 1] == '\r';
        }
        if (sectionLength >= HEAD_LIMIT) {
            fail("headers size exceeds limit");
        } else if (head.badVersion()) {
            fail(BAD_VERSION);
        }
        return stop - from;
    }

    private void headDone() {
        var problem = head.fieldLines(section, lineEnds, lines, 1);
        if (problem != null) {
            fail(problem);
            return;
        }
        state = afterHead();
        if (state == State.ERROR) {
            return;
        }
        // The parser goes on after a wrong version: what it finds in the same segment is what it says.
        if (head.badVersion()) {
            fail(BAD_VERSION);
            return;
        }
        visitor.head(head);
        if (state == State.FULLY_READ) {
            visitor.messageDone();
        }
    }

    private State afterHead() {
        if (head.bodiless) {
            return State.FULLY_READ;
        }
        if (head.chunked) {
            return State.CHUNK_LENGTH;
        }
        return switch (head.lengthStatus) {
            case VALID -> {
                remaining = head.length;
                yield remaining == 0 ? State.FULLY_READ : State.CONTENT;
            }
            case INVALID, OVERFLOW -> {
                error = "UNPARSABLE_CONTENT_LENGTH";
                yield State.ERROR;
            }
            case NONE -> State.UNTIL_CLOSE;
        };
    }

    private int chunkLength(byte[] in, int from, int to) {
        int at = from;
        while (at < to) {
            byte c = in[at];
            int digit = Characters.hex(c);
            if (digit < 0) {
                boolean delimiter = c == '\t' || c == '\n' || c == '\r' || c == ' ' || c == ';';
                if (!sizeDigitSeen || !delimiter) {
                    fail("HPE_INVALID_CHUNK_SIZE");
                    return at + 1;
                }
                state = State.CHUNK_EXTENSION;
                crBehindSize = c == '\r';
                lastWasCr = false;
                return at;
            }
            sizeDigitSeen = true;
            if (remaining >>> 60 != 0) {
                fail("CHUNK_LENGTH_OVERFLOW");
                return at + 1;
            }
            remaining = remaining << 4 | digit;
            at++;
        }
        return at;
    }

    /** {@code segment} is where the segment begins: the byte before that is known only as {@link #lastWasCr}. */
    private int chunkExtension(byte[] in, int segment, int from, int to) {
        int at = from;
        while (at < to) {
            byte c = in[at];
            boolean afterCr = at == segment ? lastWasCr : in[at - 1] == '\r';
            boolean loneCr = c == '\r' && at + 1 < to && in[at + 1] != '\n';
            boolean loneCrBefore = at == segment && lastWasCr && c != '\n';
            if (loneCr || loneCrBefore || (c == '\n' && !afterCr)) {
                fail("INVALID_CHUNK_EXTENSION");
                return at;
            }
            if (at + 1 == to) {
                lastWasCr = c == '\r';
            }
            at++;
            if (c == '\n') {
                chunkLineDone();
                return at;
            }
        }
        return at;
    }

    private void chunkLineDone() {
        sizeDigitSeen = false;
        if (remaining != 0) {
            state = State.CHUNK_DATA;
            return;
        }
        endsSection((byte) '\n');
        sectionLength = 0;
        lines = 0;
        state = State.LAST_CHUNK_TERM;
    }

    private int chunkTerm(byte[] in, int from, int to) {
        for (int at = from; at < to; at++) {
            if (in[at] == '\n') {
                state = State.CHUNK_LENGTH;
                return at + 1;
            }
            strayBytes |= in[at] != '\r' || lastWasCr;
            lastWasCr = true;
        }
        return to;
    }

    private int lastChunkTerm(byte[] in, int from, int to) {
        for (int at = from; at < to; at++) {
            if (endsSection(in[at])) {
                state = State.FULLY_READ;
                visitor.messageDone();
                return at + 1;
            }
            if (term == 0) {
                state = State.TRAILER;
                return at;
            }
        }
        return to;
    }

    private int trailer(byte[] in, int from, int to) {
        for (int at = from; at < to; at++) {
            if (sectionLength + at + 1 - from > HEAD_LIMIT) {
                fail("trailers size exceeds limit");
                return at;
            }
            if (in[at] == '\n') {
                line(sectionLength + at + 1 - from);
            }
            if (endsSection(in[at])) {
                append(in, from, at + 1);
                trailersDone();
                return at + 1;
            }
        }
        append(in, from, to);
        return to;
    }

    private void trailersDone() {
        state = State.FULLY_READ;
        var trailers = new BalsaHead(version);
        var problem = trailers.fieldLines(section, lineEnds, lines, 0);
        if (problem != null) {
            fail(problem);
            return;
        }
        visitor.trailers(trailers);
        visitor.messageDone();
    }

    /** Whether an empty line ends here; counts the line ends just seen. */
    private boolean endsSection(byte c) {
        if (c != '\n' && c != '\r') {
            term = 0;
            return false;
        }
        term = term << 8 | c;
        if ((term & 0xFFFFFF) == LF_CR_LF || (term & 0xFFFF) == LF_LF) {
            term = 0;
            return true;
        }
        return false;
    }

    private void append(byte[] in, int from, int to) {
        int length = to - from;
        if (section.length < sectionLength + length) {
            section = Arrays.copyOf(section, Math.max(sectionLength + length, 2 * section.length));
        }
        System.arraycopy(in, from, section, sectionLength, length);
        sectionLength += length;
    }

    private void line(int end) {
        if (lines == lineEnds.length) {
            lineEnds = Arrays.copyOf(lineEnds, 2 * lines);
        }
        lineEnds[lines++] = end;
    }
}
