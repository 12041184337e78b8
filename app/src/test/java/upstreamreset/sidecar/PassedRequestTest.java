// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.Side;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.lab.SidecarLog;

/** What is wrong with a request by its line alone. */
class PassedRequestTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            101 - via_upstream                                                       | false
            101 UC upstream_reset_after_response_started{connection_termination}     | false
            200 DC downstream_remote_disconnect                                      | false
            200 UC upstream_reset_after_response_started{connection_termination}     | true
            503 UC upstream_reset_before_response_started{connection_termination}    | true
            500 - via_upstream                                                       | false
            """)
    void aWebsocketThatEndsAndAClientThatLeavesAreNoFault(String words, boolean wrong) throws IOException {
        assertThat(request(words).wrong()).isEqualTo(wrong);
    }

    @Test
    void whatEnvoyWaitedForInVainIsNoResponseWithoutAnEnd() throws IOException {
        var request = request("504 UT response_timeout");

        assertThat(request.wrong()).isTrue();
        assertThat(PassedRequestText.words(request)).isEqualTo("no response came in time, and Envoy answered 504");
    }

    @Test
    void anAppThatTakesNoConnectionIsUnreachedAndNoPortOfAnotherProtocol() throws IOException {
        var logged = request("503 UC upstream_reset_before_response_started{connection_termination}");
        var request = PassedRequest.of(logged.log(), "", "1.40.0", Optional.empty(), true);

        assertThat(request.unreached()).isTrue();
        assertThat(request.closedWithoutAByte()).isFalse();
        assertThat(PassedRequestText.explanation(request))
                .singleElement()
                .asString()
                .contains("would log UF, not UC");
    }

    private static PassedRequest request(String words) throws IOException {
        var line = "[2026-11-29T16:00:00.000Z] \"GET /ws HTTP/1.1\" " + words
                + " - \"-\" 0 4 1003 - \"-\" \"curl/7.88.1\" \"id-1\" \"localhost\" \"127.0.0.1:1\" inbound|8080||"
                + " 127.0.0.6:2 127.0.0.1:3 127.0.0.1:4 - default";
        var log = new SidecarLog(Side.SERVER, line, EnvoyOutput.entry(line));
        return PassedRequest.of(log, "", "1.40.0", Optional.empty(), false);
    }
}
