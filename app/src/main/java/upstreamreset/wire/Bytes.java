// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** An immutable run of bytes, so that no array sits bare in a record; its text shows control characters escaped. */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of {@code length} bytes of {@code source} from {@code offset}. */
    public static Bytes of(byte[] source, int offset, int length) {
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(source, offset, offset + length));
    }

    /** A copy of the next {@code length} bytes of {@code source}. */
    public static Bytes of(ByteBuffer source, int length) {
        var copy = new byte[length];
        source.get(copy);
        return new Bytes(copy);
    }

    public static Bytes of(byte[] source) {
        return of(source, 0, source.length);
    }

    /** A resource of the jar, in the package of {@code neighbour}. */
    public static Bytes ofResource(Class<?> neighbour, String name) {
        try (var in = neighbour.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + name);
            }
            return of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    /** One byte a character: for ASCII and for bytes 0x80 to 0xFF. */
    public static Bytes latin1(String text) {
        return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All of {@code parts}, one behind the other. */
    public static Bytes concat(List<Bytes> parts) {
        var all = new ByteArrayOutputStream();
        parts.forEach(part -> all.writeBytes(part.content));
        return new Bytes(all.toByteArray());
    }

    public int length() {
        return content.length;
    }

    /** The bytes themselves, read-only, with a position of its own. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    public byte[] toArray() {
        return content.clone();
    }

    /** The bytes as characters, raw: not for printing. */
    public String latin1() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** The bytes as the raw text of one of our files: not for printing. */
    public String utf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return Printable.of(content);
    }
}
