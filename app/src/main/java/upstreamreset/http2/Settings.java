// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

/** The SETTINGS (RFC 9113 §6.5.2) that one side has announced so far and that bind the other. */
public final class Settings {
    static final int MAX_ENTRIES = 64;

    private static final int ENTRY = 6;
    private static final int HEADER_TABLE_SIZE = 1;
    private static final int ENABLE_PUSH = 2;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MAX_FRAME_SIZE = 5;
    private static final int DEFAULT_WINDOW = (1 << 16) - 1;
    private static final int LARGEST_FRAME = (1 << 24) - 1;

    private long tableSize = FieldDecoder.DEFAULT_TABLE_SIZE;
    private boolean push = true;
    private int maxFrameSize = Frame.DEFAULT_MAX_LENGTH;
    private long window = DEFAULT_WINDOW;

    /** The largest table that it has allowed so far: nobody knows when the other side heard of less. */
    public long tableSize() {
        return tableSize;
    }

    /** Whether it takes PUSH_PROMISE. */
    public boolean push() {
        return push;
    }

    /** The longest payload that it has allowed so far. */
    public int maxFrameSize() {
        return maxFrameSize;
    }

    /** How many bytes of each stream it takes at first. */
    public long window() {
        return window;
    }

    /** Reads a frame; returns where in its payload an entry with an invalid value is, or -1. */
    int read(byte[] payload, int kept, boolean server) {
        int invalid = -1;
        for (int at = 0; at + ENTRY <= kept; at += ENTRY) {
            int id = (payload[at] & 0xff) << 8 | (payload[at + 1] & 0xff);
            long value = Frame.int32(payload, at + 2) & 0xffff_ffffL;
            if (invalid < 0 && !valid(id, value, server)) {
                invalid = at;
            }
            switch (id) {
                case HEADER_TABLE_SIZE -> tableSize = Math.max(tableSize, value);
                case ENABLE_PUSH -> push = value == 1;
                case INITIAL_WINDOW_SIZE -> window = value;
                case MAX_FRAME_SIZE -> maxFrameSize = (int) Math.max(maxFrameSize, Math.min(value, LARGEST_FRAME));
                default -> {}
            }
        }
        return invalid;
    }

    private static boolean valid(int id, long value, boolean server) {
        return switch (id) {
            case ENABLE_PUSH -> value == 0 || (value == 1 && !server);
            case INITIAL_WINDOW_SIZE -> value <= Integer.MAX_VALUE;
            case MAX_FRAME_SIZE -> value >= Frame.DEFAULT_MAX_LENGTH && value <= LARGEST_FRAME;
            default -> true;
        };
    }
}
