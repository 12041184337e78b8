// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:1",
        "0.0.0.0, 0.0.0.0:1",
        "::, [::]:1",
        "::1, [::1]:1",
        "fd00::1, [fd00::1]:1",
        "1::, [1::]:1",
        "1:2:3:4:5:6:7:8, [1:2:3:4:5:6:7:8]:1",
        "1:0:3:4:5:6:7:8, [1:0:3:4:5:6:7:8]:1",
        "1:0:0:4:0:0:7:8, [1::4:0:0:7:8]:1",
        "1:0:0:4:0:0:0:8, [1:0:0:4::8]:1"
    })
    void anAddressIsWrittenAsShortAsItMayBe(String address, String text) {
        var socket = new InetSocketAddress(InetAddress.ofLiteral(address), 1);
        assertThat(Endpoints.text(socket)).isEqualTo(text);
        if (!address.equals("0.0.0.0")) { // in a capture it is the unspecified address of IPv6
            assertThat(Endpoints.of(socket, socket).clientText()).isEqualTo(text);
            assertThat(Endpoints.of(socket, socket).serverText()).isEqualTo(text);
        }
    }
}
