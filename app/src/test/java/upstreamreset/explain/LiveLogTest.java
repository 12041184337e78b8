// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;

/** What is told when, of a log that is still being written. */
class LiveLogTest {
    private static final LogLines SERVER = LogLines.server();

    /** Notes what it is to show: how many hops a request has, and the rest by its name. */
    private static final class Shown implements ExplanationView {
        private final List<String> all = new ArrayList<>();

        @Override
        public void print(LogDigest digest) {
            all.add(
                    digest.isLong()
                            ? "summary"
                            : "print " + digest.explanations().size());
        }

        @Override
        public void request(Explanation explanation) {
            all.add(explanation.hops().size() + " hops"
                    + (explanation.notes().stream().anyMatch(note -> note.startsWith("reported above"))
                            ? ", told before"
                            : ""));
        }

        @Override
        public void connection(LogLine.Ambient connection) {
            all.add("connection");
        }

        @Override
        public void totals(LogDigest digest) {
            all.add("totals " + digest.summary().failed() + " of "
                    + digest.summary().requests());
        }
    }

    private final Shown shown = new Shown();
    private final LogDigest digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));
    private final LiveLog log = new LiveLog(digest, shown);

    @Test
    void aLogWithoutAPauseIsToldAtItsEnd() {
        for (int i = 0; i < 5; i++) {
            add(SERVER.id("id-" + i));
            log.beat();
        }
        assertThat(shown.all).isEmpty();
        log.end();
        assertThat(shown.all).containsExactly("print 5");
    }

    @Test
    void aLongLogWithoutAPauseIsASummary() {
        for (int i = 0; i < 100; i++) {
            add(SERVER.id("id-" + i));
            log.beat();
        }
        log.end();
        assertThat(shown.all).containsExactly("summary");
    }

    @Test
    void eachFailedRequestIsToldOnceAndTheTotalsAtTheEnd() {
        add(SERVER.id("first"));
        add(SERVER.id("fine").passedOn(200));
        beats(5);
        assertThat(shown.all).containsExactly("1 hops");
        add(SERVER.id("second"));
        add(SERVER.id("fine-too").passedOn(200));
        beats(5);
        assertThat(shown.all).containsExactly("1 hops", "1 hops");
        log.end();
        log.end();
        assertThat(shown.all).containsExactly("1 hops", "1 hops", "totals 2 of 4");
    }

    @Test
    void theSecondHopIsWaitedForAndJoins() {
        add(SERVER.id("early"));
        beats(5);
        add(SERVER.id("late"));
        log.beat();
        add(LogLines.client().id("late"));
        log.beat();
        assertThat(shown.all).containsExactly("1 hops");
        beats(2);
        assertThat(shown.all).containsExactly("1 hops", "2 hops");
    }

    @Test
    void aHopThatComesTooLateIsToldWithTheOneBefore() {
        add(LogLines.client().id("late"));
        beats(5);
        add(SERVER.id("late"));
        beats(5);
        assertThat(shown.all).containsExactly("1 hops", "2 hops, told before");
        add(SERVER.id("late"));
        beats(5);
        assertThat(shown.all).as("who sends one id with all requests").endsWith("1 hops");
    }

    @Test
    void aRequestWhoseLinesNeverEndIsToldToo() {
        add(SERVER.id("early"));
        beats(5);
        for (int i = 0; i < 15; i++) {
            add(SERVER.id("again-and-again"));
            log.beat();
        }
        assertThat(shown.all).containsExactly("1 hops", "10 hops");
    }

    @Test
    void whatALongLogHeldBeforeThePauseIsASummary() {
        for (int i = 0; i < 100; i++) {
            add(SERVER.id("id-" + i));
        }
        beats(5);
        assertThat(shown.all).containsExactly("summary");
        add(SERVER.id("news"));
        log.end();
        assertThat(shown.all).containsExactly("summary", "1 hops", "totals 101 of 101");
    }

    @Test
    void aLineThatMayGoOnIsToldInThePause() {
        add(SERVER.id("first"));
        beats(5);
        digest.add(SERVER.id("cut").line().replaceFirst(" inbound.*", ""));
        beats(5);
        assertThat(shown.all).containsExactly("1 hops", "1 hops");
    }

    @Test
    void aPauseBeforeTheFirstLineTellsNothing() {
        beats(5);
        assertThat(shown.all).isEmpty();
        add(SERVER.id("first").passedOn(200));
        beats(5);
        log.end();
        assertThat(shown.all).containsExactly("print 1");
    }

    @Test
    void theCodecsMessageGoesToTheRequestThatItCameWith() {
        add(SERVER.id("first"));
        digest.add("Error dispatching received data: http/1.1 protocol error: unsupported transfer encoding");
        digest.follow(true);
        digest.news(true, false);
        assertThat(digest.news(true, true))
                .singleElement()
                .satisfies(each -> assertThat(each.codec()).isPresent());
    }

    private void add(LogLines line) {
        digest.add(line.line());
    }

    private void beats(int count) {
        for (int i = 0; i < count; i++) {
            log.beat();
        }
    }
}
