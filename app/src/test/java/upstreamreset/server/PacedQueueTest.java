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

class PacedQueueTest {
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
    private final List<String> ran = new ArrayList<>();

    /** Runs the timer; there is one, however many wait. */
    private void tick() {
        assertThat(timers).hasSize(1);
        timers.remove().run();
    }

    private void run(PacedQueue queue, String... names) {
        for (var name : names) {
            queue.run(thread, () -> ran.add(name));
        }
    }

    @Test
    void theFirstRunsAtOnceAndOfTheOthersOneATimer() {
        var queue = new PacedQueue(_ -> 1);
        run(queue, "a", "b", "c");
        assertThat(ran).containsExactly("a");
        run(queue, "a again");
        tick();
        assertThat(ran).containsExactly("a", "b");
        tick();
        tick();
        assertThat(ran).containsExactly("a", "b", "c", "a again");
    }

    @Test
    void aTaskThatQueuesItselfRunsOnceAPortion() {
        var queue = new PacedQueue(_ -> 1);
        queue.run(thread, new Runnable() {
            @Override
            public void run() {
                ran.add("again");
                queue.run(thread, this);
            }
        });
        assertThat(ran).hasSize(1);
        tick();
        assertThat(ran).hasSize(2);
    }

    @Test
    void whatIsOverTakesNoTurn() {
        var queue = new PacedQueue(_ -> 1);
        Runnable over = () -> ran.add("over");
        run(queue, "a");
        queue.run(thread, over);
        run(queue, "b");
        queue.forget(over);
        tick();
        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void whatWaitsAlreadyKeepsItsPlace() {
        var queue = new PacedQueue(_ -> 1);
        Runnable again = () -> ran.add("again");
        run(queue, "a");
        queue.run(thread, again);
        run(queue, "b");
        queue.run(thread, again);
        tick();
        tick();
        tick();
        assertThat(ran).containsExactly("a", "again", "b");
        assertThat(timers).isEmpty();
    }

    @Test
    void withoutTasksTheTimerEndsAndBeginsAgain() {
        var queue = new PacedQueue(_ -> 1);
        run(queue, "a");
        tick();
        assertThat(timers).isEmpty();
        run(queue, "b", "c");
        assertThat(ran).containsExactly("a", "b");
        tick();
        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void aPortionMayGrowWithTheNumberThatWaits() {
        var queue = new PacedQueue(waiting -> Math.max(2, waiting / 2));
        run(queue, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(ran).hasSize(2);
        tick();
        assertThat(ran).hasSize(6);
        tick();
        assertThat(ran).hasSize(8);
        tick();
        assertThat(ran).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    @Test
    void ofAScriptATurnWritesAFewBytesEachForItself() throws IOException {
        var bytes = ByteBuffer.allocate(3 * OneByteWrites.MAX_IN_TURN / 2);
        var lengths = new ArrayList<Integer>();
        OneByteWrites.Sink sink = piece -> {
            lengths.add(piece.remaining());
            return 1;
        };
        assertThat(OneByteWrites.write(bytes, sink)).isFalse();
        assertThat(lengths).hasSize(OneByteWrites.MAX_IN_TURN).containsOnly(1);
        assertThat(OneByteWrites.write(bytes, sink)).isFalse();
        assertThat(lengths).hasSize(bytes.capacity());
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aFullSinkEndsTheTurnAndNoByteIsLost() throws IOException {
        var bytes = ByteBuffer.allocate(10);
        assertThat(OneByteWrites.write(bytes, _ -> bytes.position() == 3 ? 0 : 1))
                .isTrue();
        assertThat(bytes.position()).isEqualTo(3);
    }
}
