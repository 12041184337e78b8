// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetNameTest {
    @ParameterizedTest
    @CsvSource({
        "cart-7d9f-x2, pod/cart-7d9f-x2",
        "pod/a, pod/a",
        "po/a, pod/a",
        "deploy/cart, deployment/cart",
        "deployment.apps/cart, deployment/cart",
        "deployments.v1.apps/cart, deployment/cart",
        "Deployment/cart, deployment/cart",
        "sts/http-chunked, statefulset/http-chunked",
        "ds/a, daemonset/a",
        "rs/a, replicaset/a",
        "job/a, job/a",
        "svc/a.b, service/a.b",
        "gtw/waypoint, gateway/waypoint"
    })
    void kubectlsWordsForKindsAreKnown(String typed, String meant) {
        assertThat(TargetName.parse(typed).text()).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pod/", "pod/../secrets", "pod/A", "a b", "pod/a/b", "-x", "pod/a?watch=1", "pod/a%2f"})
    void whatIsNoNameIsSaidSo(String typed) {
        assertThatThrownBy(() -> TargetName.parse(typed)).hasMessageContaining("not a valid Kubernetes name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret/a", "/a", "http://a/b"})
    void otherKindsRunNoPods(String typed) {
        assertThatThrownBy(() -> TargetName.parse(typed)).hasMessageContaining("not a kind that runs Pods");
    }
}
