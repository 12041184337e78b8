// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;

/** A gRPC call that the proxy refused is a 200, and where no flag says it only the details do. */
class GrpcRefusalTest {
    private static String line(String details) {
        return "[2026-11-29T09:52:36.429Z] \"POST /pkg.Svc/M HTTP/2\" 200 - " + details
                + " - \"-\" 0 0 0 - \"-\" \"grpc-go/1.68.1\" \"-\" \"127.0.0.1:37437\" \"-\""
                + " inbound|8080|| - 127.0.0.1:37437 127.0.0.1:39336 - -";
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            rbac_access_denied_matched_policy[none] => 7
            jwt_authn_access_denied{Jwt_is_missing} => 16
            overload => 14
            max_duration_timeout => 4
            """)
    void isNoSuccess(String details, int status) {
        var access = (LogLine.Access) new LogReader().read(line(details));
        var explanation = new Explainer(IstioVersion.UNKNOWN).explain(List.of(Hop.of(access)), CodecSaid.NOTHING);
        assertThat(explanation.failed()).isTrue();
        assertThat(explanation.verdict()).contains("grpc-status " + status + " ");
    }
}
