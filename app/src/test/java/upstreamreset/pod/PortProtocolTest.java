// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortProtocolTest {
    @ParameterizedTest
    @CsvSource({
        "'', http, HTTP_1",
        "'', http-web, HTTP_1",
        "'', http2, HTTP_2",
        "'', http2-api, HTTP_2",
        "'', grpc, HTTP_2",
        "'', grpc-web, HTTP_1",
        "'', GRPC, HTTP_2",
        "'', https, TLS",
        "'', tcp-db, OTHER",
        "'', redis, OTHER",
        "'', httpfoo, DETECTED",
        "'', web, DETECTED",
        "'', '', DETECTED",
        "kubernetes.io/h2c, http, HTTP_2",
        "https, http, TLS",
        "example.com/x, http, DETECTED"
    })
    void appProtocolComesBeforeTheName(String appProtocol, String name, PortProtocol protocol) {
        assertThat(PortProtocol.of(appProtocol, name)).isEqualTo(protocol);
    }
}
