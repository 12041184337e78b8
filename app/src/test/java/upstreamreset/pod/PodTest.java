// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import upstreamreset.output.JsonTree;

class PodTest {
    private static Pod pod(String spec, String status) {
        return Pod.of(JsonTree.read("""
                {"metadata": {"name": "cart-0", "namespace": "shop", "labels": {"app": "cart"},
                 "annotations": {}}, "spec": {%s}, "status": {%s}}""".formatted(spec, status)));
    }

    private static final String APP =
            "{\"name\": \"cart\", \"image\": \"cart:1\", \"ports\": [{\"containerPort\": 8080, \"name\": \"http\"}]}";
    private static final String PROXY =
            "{\"name\": \"istio-proxy\", \"image\": \"reg:5000/istio/proxyv2:1.30.8-distroless\", \"args\": [\"proxy\", \"sidecar\"]%s}";

    @Test
    void aNativeSidecarStandsAmongTheInitContainers() {
        var pod = pod(
                "\"initContainers\": [%s], \"containers\": [%s]"
                        .formatted(PROXY.formatted(", \"restartPolicy\": \"Always\""), APP),
                "");

        var sidecar = pod.sidecar().orElseThrow();
        assertThat(sidecar.container().nativeSidecar()).isTrue();
        assertThat(sidecar.version()).contains("1.30.8");
        assertThat(sidecar.role()).isEqualTo(Sidecar.Role.SIDECAR);
        assertThat(pod.apps()).extracting(Container::name).containsExactly("cart");
    }

    @Test
    void anInitContainerThatEndsIsNoSidecar() {
        var pod = pod("\"initContainers\": [%s], \"containers\": [%s]".formatted(PROXY.formatted(""), APP), "");

        assertThat(pod.sidecar()).isEmpty();
    }

    @Test
    void aSidecarAmongTheContainersIsNoApp() {
        var pod = pod("\"containers\": [%s, %s]".formatted(PROXY.formatted(""), APP), "");

        assertThat(pod.sidecar().orElseThrow().container().nativeSidecar()).isFalse();
        assertThat(pod.apps()).extracting(Container::name).containsExactly("cart");
    }

    @Test
    void gatewaysAndWaypointsAreToldFromSidecars() {
        assertThat(pod("\"containers\": [{\"name\": \"istio-proxy\", \"args\": [\"proxy\", \"router\"]}]", "")
                        .sidecar()
                        .orElseThrow()
                        .role())
                .isEqualTo(Sidecar.Role.GATEWAY);
        assertThat(pod("\"containers\": [{\"name\": \"istio-proxy\", \"args\": [\"proxy\", \"waypoint\"]}]", "")
                        .sidecar()
                        .orElseThrow()
                        .role())
                .isEqualTo(Sidecar.Role.WAYPOINT);
    }

    @Test
    void aPodIsReadyWhenItsConditionSaysSo() {
        var status = """
                "phase": "Running", "podIP": "10.0.0.7", "conditions": [{"type": "Ready", "status": "True"}],
                "containerStatuses": [{"name": "cart", "ready": false, "restartCount": 4,
                 "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]""";
        var pod = pod("\"containers\": [%s]".formatted(APP), status);

        assertThat(pod.ready()).isTrue();
        assertThat(pod.ip()).isEqualTo("10.0.0.7");
        assertThat(pod.apps().getFirst().state()).isEqualTo("CrashLoopBackOff");
        assertThat(pod.apps().getFirst().restarts()).isEqualTo(4);
    }
}
