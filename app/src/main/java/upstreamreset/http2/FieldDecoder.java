// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import io.undertow.protocols.http2.HPackHuffman;
import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.FieldLine;

/**
 * Decodes the field blocks of one direction (RFC 7541) by Undertow's decoder, one representation at a time, so that
 * each field has its place in the stream. If the beginning of the dynamic table is missing, only the fields that refer
 * to it are unknown.
 */
public final class FieldDecoder {
    static final int DEFAULT_TABLE_SIZE = 4096;

    /** The table size that browsers announce; larger tables are not followed. */
    private static final int MAX_TABLE_SIZE = 1 << 16;

    private static final int MAX_LINES = 1000;
    private static final int MAX_TEXT = 1 << 18;
    private static final int STATIC_ENTRIES = 61;
    private static final int ENTRY_BYTES = 32;
    private static final int MAX_SHIFT = 28;
    private static final int INDEXED = 0x80;
    private static final int INDEXING = 0x40;
    private static final int SIZE_UPDATE = 0x20;
    private static final byte[] TO_DEFAULT_SIZE = {0x3f, (byte) 0xe1, 0x1f};

    /** Stands for a name that is not known, or that no HTTP library takes: no name has it (RFC 9110 §5.6.2). */
    private static final String NO_NAME = "?";

    private final ArrayDeque<Integer> table = new ArrayDeque<>();
    private HpackDecoder decoder = new HpackDecoder(MAX_TABLE_SIZE);
    private long tableBytes;
    private int tableSize;
    private boolean lost;
    private String name = "";
    private String value = "";

    private HeaderBlock block = new HeaderBlock();
    private byte[] bytes = {};
    private int at;
    /** Whether an integer of the representation takes more bytes than it needs, which the library does not read. */
    private boolean overlong;

    private List<FieldLine> lines = new ArrayList<>();
    private int count;
    private int unknown;
    private long text;

    /**
     * What a block came to.
     *
     * @param lines the fields, with their places in what the sender sent; of very many the first ones
     * @param count how many there are, the unknown ones too
     * @param unknown the number of fields that refer to unknown ones
     * @param bytes the names' and values' together
     * @param failedAt where the bytes begin that cannot be decoded, or -1
     */
    public record Fields(List<FieldLine> lines, int count, int unknown, long bytes, long failedAt) {
        public Fields {
            lines = List.copyOf(lines);
        }

        boolean failed() {
            return failedAt >= 0;
        }

        /** The value of the first one with this name; empty without one. */
        public String value(String name) {
            for (var line : lines) {
                if (line.name().equals(name)) {
                    return line.value();
                }
            }
            return "";
        }
    }

    /** {@code lost} says that the connection was not seen from its beginning. */
    FieldDecoder(boolean lost) {
        reset(lost);
    }

    private void reset(boolean isLost) {
        lost = isLost;
        decoder = new HpackDecoder(MAX_TABLE_SIZE);
        decoder.setHeaderEmitter((decoded, its, _) -> {
            name = latin1(decoded.toString());
            value = latin1(its);
        });
        table.clear();
        tableBytes = 0;
        tableSize = DEFAULT_TABLE_SIZE;
        decode(TO_DEFAULT_SIZE, 0, TO_DEFAULT_SIZE.length);
    }

    /** Blocks may be missing: their additions to the table are unknown. */
    void lose() {
        reset(true);
    }

    /** Whether the table is not known from its beginning. */
    boolean lost() {
        return lost;
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return 2 * tableBytes;
    }

    /** Decodes a block; its recipient has allowed a table of {@code allowed} bytes. */
    Fields decode(HeaderBlock whole, long allowed) {
        block = whole;
        bytes = whole.bytes();
        at = 0;
        lines = new ArrayList<>();
        count = 0;
        unknown = 0;
        text = 0;
        long failedAt = -1;
        while (at < whole.length() && failedAt < 0) {
            int start = at;
            if (!next(allowed)) {
                failedAt = whole.offset(start);
            }
        }
        var fields = new Fields(lines, count, unknown, text, failedAt);
        if (fields.failed() || whole.tooLarge()) {
            lose();
        }
        block = new HeaderBlock();
        bytes = block.bytes();
        return fields;
    }

    /** One representation (RFC 7541 §6); whether it can be decoded. */
    private boolean next(long allowed) {
        int start = at;
        int first = bytes[at] & 0xff;
        overlong = false;
        if ((first & INDEXED) != 0) {
            int index = integer(7);
            if (index <= 0) {
                return false;
            }
            return known(index) ? decoded(start, false) : lostField();
        }
        if ((first & (INDEXING | SIZE_UPDATE)) == SIZE_UPDATE) {
            int size = integer(5);
            return size >= 0 && size <= allowed && count == 0 && resize(start, size);
        }
        boolean indexing = (first & INDEXING) != 0;
        int index = integer(indexing ? 6 : 4);
        int nameAt = at;
        if (index < 0 || (index == 0 && !string())) {
            return false;
        }
        int valueAt = at;
        if (!string()) {
            return false;
        }
        if (index == 0) {
            return literal(start, nameAt, valueAt, indexing);
        }
        if (known(index)) {
            return decoded(start, indexing);
        }
        return lost && unnamed(start, valueAt, indexing, NO_NAME);
    }

    /** The library takes no empty name and none with a line end: it gets the value alone. */
    private boolean literal(int start, int nameAt, int valueAt, boolean indexing) {
        var own = name(nameAt, valueAt);
        if (own == null) {
            return false;
        }
        boolean refused = own.isEmpty() || own.indexOf('\n') >= 0 || own.indexOf('\r') >= 0;
        return refused ? unnamed(start, valueAt, indexing, own) : decoded(start, indexing);
    }

    private @Nullable String name(int from, int to) {
        boolean huffman = (bytes[from] & 0x80) != 0;
        int end = at;
        at = from;
        int length = integer(7);
        at = end;
        if (!huffman) {
            return new String(bytes, to - length, length, StandardCharsets.ISO_8859_1);
        }
        var decoded = new StringBuilder();
        try {
            HPackHuffman.decode(ByteBuffer.wrap(bytes, to - length, length), length, decoded);
        } catch (HpackException | RuntimeException e) {
            return null;
        }
        return decoded.toString();
    }

    private boolean unnamed(int start, int valueAt, boolean indexing, String own) {
        var literal = new byte[3 + at - valueAt];
        literal[0] = (byte) (indexing ? INDEXING : 0);
        literal[1] = 1;
        literal[2] = (byte) NO_NAME.charAt(0);
        System.arraycopy(bytes, valueAt, literal, 3, at - valueAt);
        if (!decode(literal, 0, literal.length)) {
            return false;
        }
        name = own;
        lost |= indexing; // the library's table has another name, of another length
        return field(start, indexing);
    }

    private boolean decoded(int start, boolean indexing) {
        if (decode(bytes, start, at)) {
            return field(start, indexing);
        }
        lost |= overlong;
        return overlong && lostField();
    }

    private boolean lostField() {
        count++;
        unknown++;
        return lost;
    }

    private boolean field(int start, boolean indexing) {
        if (indexing) {
            insert(name.length() + value.length() + ENTRY_BYTES);
        }
        if (lost && name.equals(NO_NAME)) {
            return lostField();
        }
        count++;
        text += name.length() + value.length();
        if (lines.size() < MAX_LINES && text < MAX_TEXT) {
            long offset = block.offset(start);
            lines.add(new FieldLine(offset, (int) (block.offset(at - 1) + 1 - offset), name, value));
        }
        return true;
    }

    private boolean resize(int start, int size) {
        if (size > MAX_TABLE_SIZE) {
            lose();
            return true;
        }
        tableSize = size;
        evict(0);
        return decode(bytes, start, at);
    }

    private void insert(int size) {
        evict(size);
        if (size <= tableSize) {
            table.addFirst(size);
            tableBytes += size;
        }
    }

    private void evict(int room) {
        while (!table.isEmpty() && tableBytes + room > tableSize) {
            tableBytes -= Objects.requireNonNull(table.pollLast());
        }
    }

    private boolean known(int index) {
        return index <= STATIC_ENTRIES + table.size();
    }

    private boolean decode(byte[] source, int from, int to) {
        try {
            var slice = ByteBuffer.wrap(Arrays.copyOfRange(source, from, to));
            decoder.decode(slice, false);
            return !slice.hasRemaining();
        } catch (HpackException | RuntimeException e) {
            return false; // hostile bytes: the library says so in several ways
        }
    }

    /** An integer (RFC 7541 §5.1), or -1 where it is cut or too large. */
    private int integer(int prefix) {
        int limit = (1 << prefix) - 1;
        int number = bytes[at++] & limit;
        if (number < limit) {
            return number;
        }
        long sum = number;
        for (int shift = 0; at < block.length() && shift <= MAX_SHIFT; shift += 7) {
            int b = bytes[at++] & 0xff;
            sum += (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                overlong |= b == 0 && shift > 0;
                return sum > Integer.MAX_VALUE ? -1 : (int) sum;
            }
        }
        return -1;
    }

    /** Steps over a string (RFC 7541 §5.2); whether all of it is there. */
    private boolean string() {
        if (at >= block.length()) {
            return false;
        }
        int length = integer(7);
        if (length < 0 || length > block.length() - at) {
            return false;
        }
        at += length;
        return true;
    }

    /** The library makes a character of a byte with its sign. */
    private static String latin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                var masked = text.toCharArray();
                for (int j = i; j < masked.length; j++) {
                    masked[j] = (char) (masked[j] & 0xff);
                }
                return new String(masked);
            }
        }
        return text;
    }
}
