// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import upstreamreset.scenario.Catalogue;
import upstreamreset.wire.Bytes;

class ObservedResponseTest {
    private final Catalogue catalogue = new Catalogue();

    @Test
    void theBodyThatWasMeantIsAccepted() {
        assertThat(whole("te-twice", "hello")).isEqualTo(Reaction.ACCEPTS);
    }

    @Test
    void framingDeliveredAsBodyIsMisread() {
        assertThat(whole("te-twice", "5\r\nhello\r\n0\r\n\r\n")).isEqualTo(Reaction.MISREADS);
    }

    @Test
    void anotherLengthIsMisreadThoughItIsTheOneThatTheHeadSays() {
        assertThat(whole("cl-too-short", "hel")).isEqualTo(Reaction.MISREADS);
    }

    @Test
    void aCutBodyTakenForWholeIsMisread() {
        assertThat(whole("conn-fin-in-body", "hello")).isEqualTo(Reaction.MISREADS);
    }

    @Test
    void anErrorIsARejectionWhateverCameBeforeIt() {
        var answer = new ObservedResponse(ObservedResponse.End.ERROR, 200, Bytes.latin1("hello"), "broken");

        assertThat(answer.judged(catalogue.find("te-twice").orElseThrow()).reaction())
                .isEqualTo(Reaction.REJECTS);
    }

    @Test
    void noEndIsAHangThoughTheWholeBodyCame() {
        var answer = new ObservedResponse(ObservedResponse.End.TIMEOUT, 200, Bytes.latin1("hello"), "");

        assertThat(answer.judged(catalogue.find("cl-none-open").orElseThrow()).reaction())
                .isEqualTo(Reaction.HANGS);
    }

    private Reaction whole(String scenario, String body) {
        return new ObservedResponse(ObservedResponse.End.WHOLE, 200, Bytes.latin1(body), "")
                .judged(catalogue.find(scenario).orElseThrow())
                .reaction();
    }
}
