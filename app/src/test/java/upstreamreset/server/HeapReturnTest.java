// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapReturnTest {
    private static final long LARGE = HeapReturn.LARGE_HEAP + 1;

    private final HeapReturn heap = new HeapReturn();

    private int collections(int seconds, int connections, long requestBytes, long size) {
        int count = 0;
        for (int i = 0; i < seconds; i++) {
            count += heap.isDue(connections, requestBytes, size) ? 1 : 0;
        }
        return count;
    }

    @Test
    void aRushIsNotDisturbed() {
        assertThat(collections(100, HeapReturn.MAX_CONNECTIONS + 1, 0, LARGE)).isZero();
        assertThat(collections(100, 1, 1, LARGE)).isZero();
    }

    @Test
    void aSmallHeapIsLeftAlone() {
        assertThat(collections(100, 1, 0, HeapReturn.LARGE_HEAP)).isZero();
    }

    @Test
    void inTheCalmAfterItAFewCollectionsAreDueAndNoMore() {
        assertThat(collections(4, 1, 0, LARGE)).isZero();
        assertThat(collections(100, 1, 0, LARGE)).isEqualTo(HeapReturn.MAX_COLLECTIONS);
        assertThat(collections(1, 1, 1, LARGE)).isZero();
        assertThat(collections(100, 1, 0, LARGE)).isEqualTo(HeapReturn.MAX_COLLECTIONS);
    }
}
