// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.nio.ByteBuffer;

/** A buffer per IO thread for bytes that are inspected but not kept; it lives as long as one listener. */
final class Scratch {
    private static final int BYTES = 16 * 1024;
    private static final ThreadLocal<ByteBuffer> BUFFER = ThreadLocal.withInitial(() -> ByteBuffer.allocate(BYTES));

    private Scratch() {}

    static ByteBuffer buffer() {
        return BUFFER.get().clear();
    }
}
