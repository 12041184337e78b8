// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget memory = new MemoryBudget(80_000);

    @BeforeEach
    void takeAll() {
        assertThat(memory.take(70_000)).isTrue();
        assertThat(memory.take(1)).isFalse();
        assertThat(memory.takeForAnswer(10_000)).isTrue();
        assertThat(memory.takeForAnswer(1)).isFalse();
    }

    @Test
    void requestsLeaveAnEighthToAnswersAndBothHaveABound() {
        assertThat(memory.taken()).isEqualTo(80_000);
        memory.giveBack(10_000);
        assertThat(memory.take(1)).isFalse();
        assertThat(memory.takeForAnswer(1)).isTrue();
    }

    /** Unread answers may hold all of it: a probe is a usual request, and takes nothing. */
    @Test
    void aUsualRequestIsReadWhereAnswersHoldAllMemory() {
        assertThat(add("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")).isNull();
        assertThat(add("GET /health HTTP/1.1\r\nX: " + "a".repeat(HeadMeter.FREE_HEAD_COST) + "\r\n\r\n"))
                .isEqualTo(Refusal.NO_MEMORY);
        assertThat(memory.taken()).isEqualTo(80_000);
    }

    private @Nullable Refusal add(String head) {
        var bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        return new HeadMeter(memory).add(ByteBuffer.wrap(bytes), 0, bytes.length);
    }
}
