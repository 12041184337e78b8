// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Duration DEFAULT = Duration.ofSeconds(9);

    @Test
    void theOptionWinsOverTheEnvironmentAndThatOverTheDefault() {
        var settings = new Settings(Map.of("PORT", "2"));
        assertThat(settings.number("--port", "1", 3)).isEqualTo(1);
        assertThat(settings.number("--port", null, 3)).isEqualTo(2);
        assertThat(settings.number("--chunks", null, 3)).isEqualTo(3);
    }

    @Test
    void anEmptyVariableIsNone() {
        assertThat(new Settings(Map.of("PORT", " ")).number("--port", null, 3)).isEqualTo(3);
    }

    @Test
    void aWrongVariableIsNamed() {
        assertThatThrownBy(() -> new Settings(Map.of("PERIOD", "soon")).time("--period", null, DEFAULT))
                .hasMessageStartingWith("the environment variable PERIOD expects a time");
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "0.5,500", "250ms,250", "1.5s,1500", "2m,120000", "1H,3600000"})
    void aTimeHasAUnitOrIsInSeconds(String text, long millis) {
        assertThat(new Settings(Map.of()).time("--period", text, DEFAULT)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::", "fe80::1", "localhost"})
    void hostFromTheEnvironmentIsAnAddress(String address) {
        assertThat(new Settings(Map.of("HOST", address)).host(null)).isEqualTo(address);
    }

    @Test
    void aHostThatAShellSetOpensNothing() {
        var settings = new Settings(Map.of("HOST", "workstation"));
        assertThat(settings.host(null)).isEqualTo("127.0.0.1");
        assertThat(settings.ignoresHost(null)).isTrue();
        assertThat(settings.host("workstation")).isEqualTo("workstation");
    }
}
