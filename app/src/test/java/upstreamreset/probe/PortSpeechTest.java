// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortSpeechTest {
    @ParameterizedTest
    @CsvSource({
        "485454502f312e3120343030, HTTP_1",
        "000000040000000000, HTTP_2",
        "000012040000000000, HTTP_2",
        "15030100020212, TLS",
        "160303, TLS",
        "3c21444f4354595045, UNKNOWN",
        "000000010000000000, UNKNOWN",
        "'', UNKNOWN"
    })
    void theFirstBytesTellTheProtocol(String first, PortSpeech speech) {
        assertThat(PortSpeech.of(HexFormat.of().parseHex(first))).isEqualTo(speech);
    }
}
