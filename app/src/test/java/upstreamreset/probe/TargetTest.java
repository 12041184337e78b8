// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://x/", "http://", "http://a b/", "http://[fe80::1%lo]/", "http://x:0/", "http://x:99999/"})
    void aUrlThatCannotBeAskedIsRefused(String url) {
        assertThatThrownBy(() -> Target.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }

    @Test
    void aPasswordIsNotRepeated() {
        assertThatThrownBy(() -> Target.parse("http://u:sEcret@x/"))
                .hasMessageContaining("'http://***@x/' has a user name")
                .hasMessageNotContaining("sEcret");
    }

    @ParameterizedTest
    @CsvSource({
        "http://my_service:8080/a, my_service, 8080",
        "höst.example, xn--hst-sna.example, 80",
        "https://höst.example:8443/ä, xn--hst-sna.example, 8443",
        "http://[::1]:99/, ::1, 99",
        "http://x:/, x, 80"
    })
    void aHostIsWhatPeopleCallOne(String url, String host, int port) {
        assertThat(Target.parse(url).host()).isEqualTo(host);
        assertThat(Target.parse(url).port()).isEqualTo(port);
    }
}
