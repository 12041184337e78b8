// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.wire.Bytes;

class IstioReleaseTest {
    @ParameterizedTest
    @CsvSource({"1.28, 1.36", "1.29.4, 1.37", "v1.30.3, 1.38", "1.31.0-rc.0, 1.39", "1.32-alpha.abc, 1.40"})
    void aReleaseHasAnEnvoyThatWePin(String istio, String envoy) {
        var version = IstioRelease.of(istio).envoy();

        assertThat(version).startsWith(envoy + ".");
        assertThat(Bytes.ofResource(Pin.class, "pins.txt").latin1()).contains("\n" + version + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.9", "1.27", "1.33", "2.0", "1.300", "1", "", "newest", "1.28x", "1x28"})
    void anotherIsRefusedAndTheKnownOnesNamed(String istio) {
        assertThatThrownBy(() -> IstioRelease.of(istio))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.28, 1.29, 1.30, 1.31, 1.32");
    }

    @Test
    void theNewestIsTheDefault() {
        assertThat(IstioRelease.ISTIO_1_32.envoy()).isEqualTo(EnvoyBinary.DEFAULT_VERSION);
    }
}
