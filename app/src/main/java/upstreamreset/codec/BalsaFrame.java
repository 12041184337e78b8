// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

/**
 * Finds the parts of a message as Envoy's parser does, segment by segment, quirks included
 * (quiche/balsa/balsa_frame.cc, {@code ProcessInput}, with the policy that Envoy sets in
 * source/common/http/http1/balsa_parser.cc).
 *
 * <p>Over 300 lines, because it is one state machine with the states of quiche's: if it were split, it could no longer
 * be compared with the original.
 */
final class BalsaFrame {
    /** Envoy's default for {@code max_response_headers_kb}. */
    static final int MAX_HEAD = 80 * 1024;

    private static final String BAD_VERSION = "HPE_INVALID_VERSION";
    private static final int LF_CR_LF = '\n' << 16 | '\r' << 8 | '\n';
    private static final int LF_LF = '\n' << 8 | '\n';

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
    private final EnvoyCodec codec;

    private State state = State.HEAD;
    private State failedIn = State.HEAD;
    private final SectionBuffer section = new SectionBuffer();
    private String error = EnvoyCodec.NO_ERROR;
    private BalsaHead head;
    private boolean used;
    private boolean lastWasCr;
    private boolean sizeDigitSeen;
    private boolean crBehindSize;
    private long remaining;
    private int term;
    private boolean strayBytes;
    private boolean headEndedEarly;

    BalsaFrame(EnvoyVersion version, EnvoyCodec codec) {
        this.version = version;
        this.codec = codec;
        this.head = new BalsaHead(version);
    }

    /** Prepares for the next message on the connection. */
    void reset() {
        if (used) {
            head = new BalsaHead(version);
        }
        used = true;
        state = State.HEAD;
        section.clear();
        lastWasCr = false;
        sizeDigitSeen = false;
        remaining = 0;
        term = 0;
        headEndedEarly = false;
    }

    /** The parser's error; empty for none. */
    String error() {
        return error;
    }

    /** Whether the head ended at a line that is not empty: a lenient recipient reads on in the head. */
    boolean headEndedEarly() {
        return headEndedEarly;
    }

    /** How many bytes of the body a lenient recipient would still find behind the error; negative if that is unknown. */
    long bodyBehindError() {
        return switch (failedIn) {
            case CHUNK_EXTENSION -> crBehindSize ? -1 : remaining;
            case FULLY_READ -> 0;
            default -> -1;
        };
    }

    /** Whether it dropped bytes between a chunk's data and its line end: a strict recipient refuses such a body. */
    boolean strayBytes() {
        return strayBytes;
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return section.held();
    }

    /** Reads the bytes [from, to) of a segment and returns how many it used: it stops after a head and after a message. */
    int process(byte[] in, int from, int to) {
        int at = from;
        if (state == State.HEAD) {
            return head(in, from, to);
        }
        while (at < to) {
            switch (state) {
                case CHUNK_LENGTH -> at = chunkLength(in, at, to);
                case CHUNK_EXTENSION -> at = chunkExtension(in, from, at, to);
                case CHUNK_DATA, CONTENT -> {
                    at += body(to - at);
                    bodyPassed();
                }
                case CHUNK_TERM -> at = chunkTerm(in, at, to);
                case LAST_CHUNK_TERM -> at = lastChunkTerm(in, at, to);
                case TRAILER -> at = trailer(in, at, to);
                case UNTIL_CLOSE -> {
                    codec.body(to - at);
                    at = to;
                }
                case HEAD, FULLY_READ, ERROR -> {
                    return at - from;
                }
            }
        }
        return at - from;
    }

    /** Passes over missing bytes of a body; returns whether all of them are that. */
    boolean skip(long missing) {
        if (state == State.ERROR) {
            return true;
        }
        boolean sized = state == State.CONTENT || state == State.CHUNK_DATA;
        if (state != State.UNTIL_CLOSE && (!sized || Long.compareUnsigned(remaining, missing) < 0)) {
            return false;
        }
        codec.body((int) Math.min(missing, Integer.MAX_VALUE));
        if (sized) {
            remaining -= missing;
            bodyPassed();
        }
        return true;
    }

    private void bodyPassed() {
        if (remaining == 0 && state == State.CHUNK_DATA) {
            state = State.CHUNK_TERM;
            lastWasCr = false;
        } else if (remaining == 0) {
            state = State.FULLY_READ;
            codec.messageDone();
        }
    }

    private void fail(String message) {
        error = message;
        failedIn = state;
        state = State.ERROR;
    }

    private int body(int available) {
        int taken = Long.compareUnsigned(remaining, available) < 0 ? (int) remaining : available;
        codec.body(taken);
        remaining -= taken;
        return taken;
    }

    private int head(byte[] in, int from, int to) {
        int stop = Math.min(to, from + MAX_HEAD - section.length());
        int begin = from;
        for (int at = from; at < stop; at++) {
            if (in[at] != '\n') {
                continue;
            }
            section.append(in, begin, at + 1);
            begin = at + 1;
            section.endLine(section.length());
            if (section.lines() == 1) {
                var problem = head.statusLine(section);
                if (!problem.isEmpty()) {
                    fail(problem);
                    return at - from;
                }
            }
            int length = section.length() - section.begin(section.lines() - 1);
            // A line of two bytes ends the head if it is CR LF, and, whatever it is, if the last segment ended in CR.
            boolean crLf = length == 2 && ((at > from && in[at - 1] == '\r') || lastWasCr);
            if (length == 1 || crLf) {
                headEndedEarly = length == 2 && section.bytes()[section.length() - 2] != '\r';
                headDone();
                return at + 1 - from;
            }
        }
        section.append(in, begin, stop);
        if (stop > from) {
            lastWasCr = in[stop - 1] == '\r';
        }
        if (section.length() >= MAX_HEAD) {
            fail("headers size exceeds limit");
        } else if (!head.statusLine().knownVersion()) {
            fail(BAD_VERSION);
        }
        return stop - from;
    }

    private void headDone() {
        var problem = head.header(section);
        if (!problem.isEmpty()) {
            fail(problem);
            return;
        }
        state = afterHead();
        if (state == State.ERROR) {
            return;
        }
        // The parser reads on after a wrong version: an error further on in the same segment comes first.
        if (!head.statusLine().knownVersion()) {
            fail(BAD_VERSION);
            return;
        }
        codec.head(head);
        if (state == State.FULLY_READ) {
            codec.messageDone();
        }
    }

    private State afterHead() {
        if (head.statusLine().bodiless()) {
            return State.FULLY_READ;
        }
        if (head.chunked()) {
            return State.CHUNK_LENGTH;
        }
        return switch (head.contentLength().status()) {
            case VALID -> {
                remaining = head.contentLength().length();
                yield remaining == 0 ? State.FULLY_READ : State.CONTENT;
            }
            case INVALID, OVERFLOW -> {
                fail("UNPARSABLE_CONTENT_LENGTH");
                yield State.ERROR;
            }
            case NONE -> State.UNTIL_CLOSE;
        };
    }

    private int chunkLength(byte[] in, int from, int to) {
        int at = from;
        while (at < to) {
            byte c = in[at];
            int digit = Character.digit(c, 16);
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

    /** {@code segment} is where the segment begins: of the byte before it only {@link #lastWasCr} is known. */
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
        section.clear();
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
                codec.messageDone();
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
            if (section.length() + at + 1 - from > MAX_HEAD) {
                fail("trailers size exceeds limit");
                return at;
            }
            if (in[at] == '\n') {
                section.endLine(section.length() + at + 1 - from);
            }
            if (endsSection(in[at])) {
                section.append(in, from, at + 1);
                trailersDone();
                return at + 1;
            }
        }
        section.append(in, from, to);
        return to;
    }

    private void trailersDone() {
        state = State.FULLY_READ;
        var trailers = new BalsaHead(version);
        var problem = trailers.trailers(section);
        if (!problem.isEmpty()) {
            fail(problem);
            return;
        }
        codec.trailers(trailers);
        codec.messageDone();
    }

    /** Whether an empty line ends here; remembers the last line ends. */
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
}
