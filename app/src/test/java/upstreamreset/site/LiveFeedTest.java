// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import upstreamreset.election.SeenTerm;
import upstreamreset.wire.Bytes;

/** Events that arrive during a delivery wait for the next one, so that all subscribers share the same bytes. */
class LiveFeedTest {
    private final RecentAnswers answers = new RecentAnswers(true);
    private final AtomicReference<List<SeenTerm>> terms = new AtomicReference<>(List.of());
    private final LiveFeed feed = new LiveFeed(answers, terms::get);

    @Test
    void allGetTheSameBytesWhateverEndsMeanwhile() {
        var from = feed.begin("");
        answer(1);
        var moment = feed.moment();
        var step = moment.since(from);
        answer(3);
        terms.set(List.of(new SeenTerm("pod-1", 1, Instant.EPOCH, Optional.empty(), Optional.empty())));
        assertThat(moment.since(feed.begin(""))).isSameAs(step);
        assertThat(text(step)).containsOnlyOnce("event: answer").doesNotContain("election");

        var next = feed.moment().since(step.next());
        assertThat(text(next).split("event: answer", -1)).hasSize(4);
        assertThat(text(next)).contains("event: election", "pod-1").doesNotContain("skipped");
        assertThat(feed.moment().since(next.next()).bytes().hasRemaining()).isFalse();
    }

    @Test
    void whoIsFurtherBehindGetsOtherBytesAndIsThenAsFar() {
        var first = feed.begin("");
        answer(1);
        var ahead = feed.first(first, "pod", Duration.ofSeconds(2)).next();
        answer(12);
        var moment = feed.moment();
        var behind = moment.since(first);
        assertThat(text(behind)).contains("\"skipped\":3");
        assertThat(text(moment.since(ahead))).contains("\"skipped\":2");
        assertThat(moment.since(ahead).next()).isEqualTo(behind.next());
        assertThat(moment.since(first)).isSameAs(behind);
    }

    @Test
    void theTextOfAnAnswerIsMadeOnce() {
        answer(RecentAnswers.MAX_KEPT);
        var first = feed.first(feed.begin(""), "pod", Duration.ZERO);
        long before = allocated();
        for (int i = 0; i < 100; i++) {
            feed.first(feed.begin(""), "pod", Duration.ZERO);
        }
        // The text and its bytes, as it grows, and no text of an answer beside it.
        assertThat((allocated() - before) / 100).isLessThan(8L * first.bytes().remaining());
    }

    @Test
    void anIdIsTakenForWhatItIsOrForNone() {
        answer(12);
        var last = id(feed.first(feed.begin(""), "pod", Duration.ZERO));
        var boot = last.substring(0, last.indexOf('-') + 1);
        assertThat(feed.begin(last).answer()).isEqualTo(12);
        assertThat(feed.begin(boot + "5").answer()).isEqualTo(5);
        assertThat(feed.begin(boot + "0").answer()).isZero();
        for (var future : List.of("13", "999999999999999999")) {
            assertThat(feed.begin(boot + future).answer()).as(future).isEqualTo(12);
        }
        for (var hostile : List.of(
                "",
                "-",
                "12",
                boot,
                boot + "-1",
                boot + "+1",
                boot + "1 ",
                boot + "0x1",
                boot + "\u0661",
                boot + "9223372036854775808",
                boot + "1".repeat(1 << 20),
                "x" + last,
                last + "\n",
                "1".repeat(1 << 20))) {
            assertThat(feed.begin(hostile).answer())
                    .as(hostile.substring(0, Math.min(40, hostile.length())))
                    .isZero();
        }
    }

    /** The id of the last event; a browser sends it when it reconnects. */
    private static String id(LiveFeed.Step step) {
        var text = text(step);
        int at = text.lastIndexOf("id: ") + 4;
        return text.substring(at, text.indexOf('\n', at));
    }

    @Test
    void nothingIsKeptOfWhatNobodyCanSee() {
        var hidden = new RecentAnswers(false);
        hidden.add("te-twice", 2, List.of(Bytes.latin1("ok")), "sent to its end");
        assertThat(hidden.last()).isZero();
        assertThat(hidden.after(0, RecentAnswers.MAX_KEPT)).isEmpty();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private void answer(int times) {
        for (int i = 0; i < times; i++) {
            answers.add("te-twice", 2, List.of(Bytes.latin1("ok")), "sent to its end");
        }
    }

    private static String text(LiveFeed.Step step) {
        return StandardCharsets.UTF_8.decode(step.own()).toString();
    }
}
