// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A right that is withheld costs what needs it, and nothing else; where that may have mattered, the exit code says so. */
class DiagnoseRightsTest extends DiagnoseFixture {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            get pods/log            | asked the app past its sidecar (port-forward):  200 | asked it through its sidecar:  200     | 3
            get pods/portforward    | past its sidecar (port-forward):  not permitted to  | asked it through its sidecar:  200     | 3
            create pods/portforward | past its sidecar (port-forward):  not permitted to  | asked it through its sidecar:  200     | 3
            get pods/proxy          | asked the app past its sidecar (port-forward):  200 | not asked through its sidecar:  not permitted to get pods/proxy | 3
            """)
    void theRestIsDoneAllTheSame(String right, String past, String through, int code) throws IOException {
        cluster.denied.add(right);

        var result = run("/x");

        assertThat(result.errors()).containsOnlyOnce("not permitted in namespace shop: " + right);
        assertThat(result.output()).contains(past, through);
        assertThat(result.exitCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /services             | Not permitted to list services
            /peerauthentications  | not permitted in namespace istio-system: list peerauthentications
            /destinationrules     | not permitted in namespace shop: list destinationrules
            /envoyfilters         | not permitted in namespace shop: list envoyfilters
            """)
    void whatIsOnlyLookedAtIsNamed(String part, String sentence) throws IOException {
        cluster.forbidden.add(part);

        var result = run("/x", "--port", "8080");

        assertThat(result.output()).containsOnlyOnce(sentence).startsWith("GET /x is answered well");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void aNamespaceThatMayNotBeReadIsNamedOnce() throws IOException {
        cluster.forbidden.add("/istio-system/");

        assertThat(run("/x").output())
                .contains("  not permitted in namespace istio-system: list peerauthentications, list destinationrules,"
                        + " list envoyfilters\n");
    }

    @Test
    void anErrorThatTheLogProvesStandsWithoutTheOtherRights() throws IOException {
        cluster.denied.add("create pods/portforward");
        cluster.denied.add("get pods/proxy");
        cluster.log.add(FakeCluster.line("/x", REFUSED, "1"));

        var result = run("/x");

        assertThat(result.output()).startsWith("requests-failed").contains("1 of 1 requests failed: " + REFUSED);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void anApiServerThatIsTooBusyIsAskedAgainWhenItSays() throws IOException {
        cluster.busy.put("/pods/cart-0", new AtomicInteger(2));

        assertThat(run("/x").output()).startsWith("GET /x is answered well");
    }

    @Test
    void anApiServerThatStaysTooBusyIsSaidSo() throws IOException {
        cluster.busy.put("/pods/cart-0", new AtomicInteger(Integer.MAX_VALUE));

        var result = run("/x");

        assertThat(result.errors()).contains("The API server is too busy (429) to get pods cart-0.");
        assertThat(result.exitCode()).isEqualTo(3);
    }
}
