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
    /** A command with these settings, after its command line was read. */
    private static Settings settings(Map<String, String> environment, String... arguments) {
        var settings = new Settings(environment);
        new Command() {
            @Override
            void describe(Syntax syntax) {
                settings.option(syntax, "--host", "ADDRESS", "127.0.0.1", "");
                settings.option(syntax, "--port", "N", "3", "");
                settings.option(syntax, "--period", "TIME", "9s", "");
            }

            @Override
            public Integer call() {
                return Main.CLEAN;
            }
        }.commandLine().parseArgs(arguments);
        return settings;
    }

    @Test
    void theOptionWinsOverTheEnvironmentAndThatOverTheDefault() {
        assertThat(settings(Map.of("PORT", "2"), "--port=1").number("--port")).isEqualTo(1);
        assertThat(settings(Map.of("PORT", "2")).number("--port")).isEqualTo(2);
        assertThat(settings(Map.of("PERIOD", "2")).number("--port")).isEqualTo(3);
    }

    @Test
    void anEmptyVariableIsNone() {
        assertThat(settings(Map.of("PORT", " ")).number("--port")).isEqualTo(3);
    }

    @Test
    void aWrongVariableIsNamed() {
        assertThatThrownBy(() -> settings(Map.of("PERIOD", "soon")).time("--period"))
                .hasMessageStartingWith("the environment variable PERIOD expects a time");
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "0.5,500", "250ms,250", "1.5s,1500", "2m,120000", "1H,3600000"})
    void aTimeHasAUnitOrIsInSeconds(String text, long millis) {
        assertThat(settings(Map.of(), "--period", text).time("--period")).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::", "fe80::1", "localhost"})
    void hostFromTheEnvironmentIsAnAddress(String address) {
        assertThat(settings(Map.of("HOST", address)).host()).isEqualTo(address);
    }

    @Test
    void aHostThatAShellSetOpensNothing() {
        var environment = Map.of("HOST", "workstation");
        assertThat(settings(environment).host()).isEqualTo("127.0.0.1");
        assertThat(settings(environment).ignoresHost()).isTrue();
        assertThat(settings(environment, "--host=workstation").host()).isEqualTo("workstation");
    }
}
