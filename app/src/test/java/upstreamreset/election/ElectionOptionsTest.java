// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionOptionsTest {
    private static ElectionOptions times(long lease, long deadline, long retry) {
        return new ElectionOptions(
                Duration.ofMillis(lease),
                Duration.ofMillis(deadline),
                Duration.ofMillis(retry),
                "default",
                "http-chunked-leader",
                "a_1");
    }

    private static ElectionOptions names(String namespace, String lease, String identity) {
        return new ElectionOptions(
                Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5), namespace, lease, identity);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0      | 10000 | 5000 | The lease duration must be more than 0s and at most a day; it is 0s.
                    -15000 | 10000 | 5000 | The lease duration must be more than 0s and at most a day; it is -15s.
                    15000  | 0     | 5000 | The renewal deadline must be more than 0s and at most a day; it is 0s.
                    15000  | 10000 | 0    | The retry period must be more than 0s and at most a day; it is 0s.
                    15500  | 10000 | 5000 | The lease duration must be whole seconds, as a Lease holds them; it is 15.5s.
                    15000  | 15000 | 5000 | The lease duration (15s) must be longer than the renewal deadline (15s)
                    15000  | 16000 | 5000 | The lease duration (15s) must be longer than the renewal deadline (16s)
                    15000  | 10000 | 9000 | The renewal deadline (10s) must be longer than 1.2 times the retry period (9s)
                    15000  | 6000  | 5000 | The renewal deadline (6s) must be longer than 1.2 times the retry period (5s)
                    90000000 | 10000 | 5000 | The lease duration must be more than 0s and at most a day; it is 25h.
                    """)
    void timesThatAreNotSafeAreRefusedInOneSentence(long lease, long deadline, long retry, String sentence) {
        assertThatThrownBy(() -> times(lease, deadline, retry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void theOriginalsAndTheShortestTimesAreTaken() {
        assertThat(times(15_000, 10_000, 5_000).retryPeriod()).hasSeconds(5);
        assertThat(times(3_000, 2_000, 500).renewalDeadline()).hasSeconds(2);
        assertThat(times(1_000, 999, 800).leaseDuration()).hasSeconds(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "under_score", "-start", "end-", "a..b", ".a", "a b", "é", "a\nb"})
    void aLeaseNameThatKubernetesRefusesIsRefused(String name) {
        assertThatThrownBy(() -> names("default", name, "a_1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The Lease name \"")
                .hasMessageNotContaining("\n");
    }

    @Test
    void namesAreNoLongerThanKubernetesTakes() {
        assertThat(names("default", "a".repeat(253), "a_1").leaseName()).hasSize(253);
        assertThatThrownBy(() -> names("default", "a".repeat(254), "a_1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> names("a".repeat(64), "lease", "a_1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> names("a.b", "lease", "a_1")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "é"})
    void anIdentityIsPrintableAscii(String identity) {
        assertThatThrownBy(() -> names("default", "lease", identity)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"http-chunked-0_2f1c,http-chunked-0", "a_b_c,a_b", "plain,plain", "_x,_x", "'',''"})
    void theHostnameIsWhatStandsBeforeTheLastUnderscore(String identity, String hostname) {
        assertThat(ElectionOptions.hostname(identity)).isEqualTo(hostname);
    }
}
