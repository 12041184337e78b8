// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortProtocolTest {
    @ParameterizedTest
    @CsvSource({
        "'', http, 80, HTTP_1",
        "'', http-web, 80, HTTP_1",
        "'', http2, 80, HTTP_2",
        "'', http2-api, 80, HTTP_2",
        "'', grpc, 80, HTTP_2",
        "'', grpc-web, 80, HTTP_2",
        "'', grpc-web-x, 80, HTTP_2",
        "'', GRPC, 80, HTTP_2",
        "'', https, 80, TLS",
        "'', tcp-db, 80, OTHER",
        "'', redis, 80, OTHER",
        "'', httpfoo, 80, DETECTED",
        "'', web, 80, DETECTED",
        "'', '', 80, DETECTED",
        "kubernetes.io/h2c, http, 80, HTTP_2",
        "https, http, 80, TLS",
        "kubernetes.io/ws, tcp, 80, HTTP_1",
        "http-x, tcp, 80, HTTP_1",
        "example.com/x, http, 80, DETECTED",
        "'', db, 3306, OTHER",
        "'', http-db, 3306, HTTP_1"
    })
    void appProtocolComesBeforeTheName(String appProtocol, String name, int port, PortProtocol protocol) {
        assertThat(PortProtocol.of(appProtocol, name, port)).isEqualTo(protocol);
    }
}
