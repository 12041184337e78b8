// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xnio.XnioExecutor;

class OneByteTurnsTest {
    private final Queue<Runnable> timers = new ArrayDeque<>();
    private final XnioExecutor thread = new XnioExecutor() {
        @Override
        public void execute(Runnable command) {
            throw new AssertionError("that is before all timers");
        }

        @Override
        public Key executeAfter(Runnable command, long time, TimeUnit unit) {
            assertThat(unit.toNanos(time)).isPositive();
            timers.add(command);
            return () -> timers.remove(command);
        }

        @Override
        public Key executeAtInterval(Runnable command, long time, TimeUnit unit) {
            throw new AssertionError();
        }
    };
    private final OneByteTurns turns = new OneByteTurns();
    private final List<String> ran = new ArrayList<>();

    /** Runs the timer; there is one, however many wait. */
    private void tick() {
        assertThat(timers).hasSize(1);
        timers.remove().run();
    }

    @Test
    void oneScriptATimerHasItsTurnAndTheFirstIsTheFirst() {
        for (var name : List.of("a", "b", "c")) {
            turns.await(thread, () -> ran.add(name));
        }
        assertThat(ran).isEmpty();
        tick();
        assertThat(ran).containsExactly("a");
        turns.await(thread, () -> ran.add("a again"));
        tick();
        tick();
        assertThat(ran).containsExactly("a", "b", "c");
        tick();
        assertThat(ran).containsExactly("a", "b", "c", "a again");
    }

    @Test
    void withoutScriptsTheTimerEndsAndBeginsAgain() {
        turns.await(thread, () -> ran.add("a"));
        tick();
        tick();
        assertThat(timers).isEmpty();
        turns.await(thread, () -> ran.add("b"));
        tick();
        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void aTurnWritesAFewBytesEachForItself() throws IOException {
        var bytes = ByteBuffer.allocate(3 * OneByteTurns.MAX_WRITES / 2);
        var lengths = new ArrayList<Integer>();
        OneByteTurns.Sink sink = piece -> {
            lengths.add(piece.remaining());
            return 1;
        };
        assertThat(OneByteTurns.write(bytes, sink)).isFalse();
        assertThat(lengths).hasSize(OneByteTurns.MAX_WRITES).containsOnly(1);
        assertThat(OneByteTurns.write(bytes, sink)).isFalse();
        assertThat(lengths).hasSize(bytes.capacity());
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aFullSinkEndsTheTurnAndNoByteIsLost() throws IOException {
        var bytes = ByteBuffer.allocate(10);
        assertThat(OneByteTurns.write(bytes, piece -> bytes.position() == 3 ? 0 : 1))
                .isTrue();
        assertThat(bytes.position()).isEqualTo(3);
    }
}
