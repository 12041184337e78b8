// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first two rows are the fields that a real Envoy in the lab adds, as the server's and as the client's sidecar. */
class VisitTest {
    @ParameterizedTest
    @CsvSource({
        "x-forwarded-proto x-request-id, THROUGH",
        "x-forwarded-proto x-request-id x-envoy-attempt-count, THROUGH",
        "x-forwarded-proto x-request-id x-forwarded-client-cert x-forwarded-for, THROUGH",
        "x-forwarded-for x-real-ip x-forwarded-proto x-request-id x-forwarded-host, PROXY",
        "x-forwarded-for x-forwarded-proto, PROXY",
        "via, PROXY",
        "user-agent accept, PAST"
    })
    void theNamesOfTheFieldsTell(String fields, Visit visit) {
        assertThat(Visit.of(List.of(fields.split(" "))::contains)).isEqualTo(visit);
    }
}
