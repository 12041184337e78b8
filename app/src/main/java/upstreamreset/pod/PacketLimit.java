// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * tcpdump's output up to a number of bytes: it ends after the last complete packet within them, so that the result is a
 * valid capture. It counts the packets.
 */
final class PacketLimit extends FilterInputStream {
    /** Of a pcap file, as tcpdump writes it. */
    private static final int FILE_HEADER = 24;

    private static final int PACKET_HEADER = 16;
    private static final int LENGTH_AT = 8;

    private final long max;
    private final byte[] header = new byte[FILE_HEADER];
    private int held;
    private int given;
    private long left;
    private long bytes;
    private long packets;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private boolean begun;
    private boolean full;

    PacketLimit(InputStream in, long max) {
        super(in);
        this.max = max;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (given == held && left == 0 && !nextHeader()) {
            return -1;
        }
        if (given < held) {
            int count = Math.min(length, held - given);
            System.arraycopy(header, given, to, offset, count);
            given += count;
            return count;
        }
        int read = in.read(to, offset, (int) Math.min(length, left));
        left -= Math.max(read, 0);
        return read;
    }

    /** Waits for the file's header, which the first read gives; whether it came whole. */
    boolean begin() throws IOException {
        return begun || (nextHeader() && begun);
    }

    /** Holds the next header whole, so that it is known before it passes whether its packet does. */
    private boolean nextHeader() throws IOException {
        int size = begun ? PACKET_HEADER : FILE_HEADER;
        given = 0;
        held = full ? 0 : in.readNBytes(header, 0, size);
        if (held < size) {
            held = begun ? 0 : held;
            return held > 0;
        }
        if (begun) {
            left = Integer.toUnsignedLong(ByteBuffer.wrap(header).order(order).getInt(LENGTH_AT));
            if (bytes + PACKET_HEADER + left > max) {
                full = true;
                left = 0;
                held = 0;
                return false;
            }
            packets++;
            bytes += PACKET_HEADER + left;
        } else {
            begun = true;
            order = (header[0] & 0xFF) == 0xA1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            bytes = FILE_HEADER;
        }
        return true;
    }

    @Override
    public int available() throws IOException {
        return given < held ? held - given : (int) Math.min(left, in.available());
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Whether a packet did not fit. */
    boolean full() {
        return full;
    }

    long packets() {
        return packets;
    }

    /** Of the capture so far, its head included. */
    long bytes() {
        return bytes;
    }
}
