// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import upstreamreset.output.JsonTree;
import upstreamreset.testing.Golden;

/** The command at a Pod of Istio's ambient mode: ztunnel's lines are as {@code src/proxy/metrics.rs} of istio/ztunnel prints them. */
class DiagnoseAmbientTest extends DiagnoseFixture {
    private static final String ZTUNNEL_LOG = "/api/v1/namespaces/istio-system/pods/ztunnel-x7/log";
    private static final String WAYPOINT_LOG = "/api/v1/namespaces/shop/pods/waypoint-1/log";

    @BeforeEach
    void begin() {
        cluster.objects.put(POD, """
                {"metadata": {"name": "cart-0", "namespace": "shop", "uid": "1", "labels": {"app": "cart"},
                  "annotations": {"ambient.istio.io/redirection": "enabled"}},
                 "spec": {"nodeName": "node-1", "containers": [{"name": "cart", "ports": [{"containerPort": 8080}]}]},
                 "status": {"phase": "Running", "podIP": "10.0.0.7", "conditions": [{"type": "Ready", "status": "True"}]}}""");
        cluster.objects.put(
                "/api/v1/namespaces/istio-system/pods",
                "{\"items\": [" + ztunnel("node-1", "x7") + "," + ztunnel("node-2", "y8") + "]}");
        cluster.objects.put("/api/v1/namespaces/shop", "{\"metadata\": {\"name\": \"shop\"}}");
        cluster.logs.put(ZTUNNEL_LOG, "");
    }

    private static String ztunnel(String node, String name) {
        return """
                {"metadata": {"name": "ztunnel-%s", "namespace": "istio-system", "uid": "%1$s", "labels": {"app": "ztunnel"}},
                 "spec": {"nodeName": "%s", "containers": [{"name": "istio-proxy", "args": ["proxy", "ztunnel"]}]},
                 "status": {"phase": "Running"}}""".formatted(name, node);
    }

    private static String connection(String source, String destination, String direction, String error) {
        return "2026-11-29T12:00:00.000000Z\t" + (error.isEmpty() ? "info" : "error")
                + "\taccess\tconnection complete\tsrc.addr=10.0.1.9:41000 src.workload=\"" + source
                + "\" src.namespace=\"shop\" dst.addr=10.0.0.7:15008 dst.hbone_addr=10.0.0.7:8080 dst.workload=\""
                + destination
                + "\" dst.namespace=\"shop\" direction=\"" + direction
                + "\" bytes_sent=0 bytes_recv=0 duration=\"1ms\""
                + (error.isEmpty() ? "" : " error=\"" + error + "\"") + "\n";
    }

    private void waypoint(String labels) {
        cluster.objects.put("/api/v1/namespaces/shop/services", """
                {"items": [{"metadata": {"name": "cart", "labels": {%s}}, "spec": {"selector": {"app": "cart"},
                 "ports": [{"port": 80, "targetPort": 8080, "name": "http"}]}}]}""".formatted(labels));
        cluster.objects.put("/api/v1/namespaces/shop/pods", """
                {"items": [{"metadata": {"name": "waypoint-1", "namespace": "shop", "uid": "w"},
                 "spec": {"containers": [{"name": "istio-proxy", "args": ["proxy", "waypoint"]}]},
                 "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}]}""");
    }

    private static String request(String path, String answer, String host, String service) {
        return "[2026-11-29T12:00:00.000Z] \"GET %s HTTP/1.1\" %s - \"-\" 0 87 1 - \"-\" \"x\" \"id%1$s\" \"cart\" \"%s\" inbound-vip|80|http|%s.shop.svc.cluster.local 10.0.0.9:1 10.0.0.9:8080 10.0.0.1:1 - default\n"
                .formatted(path, answer, host, service);
    }

    @Test
    void ztunnelsLinesOfThisPodAloneAreExplained() throws IOException {
        cluster.logs.put(
                ZTUNNEL_LOG,
                connection("web-1", "cart-0", "inbound", "")
                        + connection("web-1", "cart-0", "inbound", "io error: Connection refused (os error 111)")
                        + connection("web-1", "other-0", "inbound", "connection closed due to policy rejection: x")
                        + connection("web-1", "cart-01", "inbound", "io error: Connection refused (os error 111)"));

        var result = run();

        Golden.holds("diagnose/ambient", result.output());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).doesNotContain("other-0", "cart-01", "policy");
    }

    @Test
    void jsonAndThePageHaveItToo() throws IOException {
        cluster.logs.put(
                ZTUNNEL_LOG, connection("web-1", "cart-0", "inbound", "io error: Connection refused (os error 111)"));
        var page = folder.resolve("page.html");

        var ztunnel = JsonTree.read(
                        run("--output", "json", "--report", page.toString()).output())
                .path("ztunnel");

        assertThat(ztunnel.path("pod").asString("")).isEqualTo("pod/ztunnel-x7 in istio-system");
        assertThat(ztunnel.at("/failures/0/id").asString("")).isEqualTo("ambient-refused");
        assertThat(Files.readString(page)).contains("ambient-refused", "ztunnel-x7");
    }

    @Test
    void aPathThatIsAnsweredIsNotWhatZtunnelFailed() throws IOException {
        cluster.logs.put(
                ZTUNNEL_LOG, connection("web-1", "cart-0", "inbound", "io error: Connection refused (os error 111)"));

        var result = run("/x");

        assertThat(result.output())
                .startsWith("GET /x is answered well, inside the Pod and at the Pod's address")
                .contains("ambient-refused");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void theRightThatIsMissingIsNamedWithTheCommandForSomebodyWhoHasIt() throws IOException {
        cluster.denied.add("get pods/log");

        var result = run();

        assertThat(result.output())
                .contains(
                        "ztunnel's log: not permitted to get pods/log in namespace istio-system",
                        "$ kubectl -n istio-system logs -l app=ztunnel --tail=-1 --prefix --since=15m | grep -F -- cart-0 | upstream-reset explain");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aLogThatIsRefusedInSpiteOfTheReviewIsToldToo() throws IOException {
        cluster.forbidden.add(ZTUNNEL_LOG);

        var result = run();

        assertThat(result.output())
                .contains("Not permitted to get pods/log ztunnel-x7", "$ kubectl -n istio-system logs ztunnel-x7 -c");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aNodeWithoutZtunnelIsSaidSo() throws IOException {
        cluster.objects.put("/api/v1/namespaces/istio-system/pods", "{\"items\": []}");

        assertThat(run().output()).contains("there is no ztunnel on its node in namespace istio-system");
    }

    @Test
    void theWaypointsRequestsToThisPodAreRead() throws IOException {
        waypoint("\"istio.io/use-waypoint\": \"waypoint\"");
        cluster.logs.put(
                WAYPOINT_LOG,
                request("/a", "502 UPE upstream_reset_before_response_started{protocol_error}", "10.0.0.7:8080", "cart")
                        + request("/b", "503 UF upstream_reset_before_response_started{x}", "10.0.0.8:8080", "cart")
                        + request("/c", "503 UH no_healthy_upstream", "-", "cart")
                        + request("/d", "503 UH no_healthy_upstream", "-", "other"));

        var result = run();

        Golden.holds("diagnose/waypoint", result.output());
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aServiceMayBeTakenOutOfTheNamespacesWaypoint() throws IOException {
        waypoint("\"istio.io/use-waypoint\": \"none\"");
        cluster.objects.put(
                "/api/v1/namespaces/shop",
                "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"istio.io/use-waypoint\": \"waypoint\"}}}");

        assertThat(run().output()).doesNotContain("waypoint");
    }

    @Test
    void theNamespacesWaypointIsReadAndOneWithoutPodsIsSaidSo() throws IOException {
        cluster.objects.put(
                "/api/v1/namespaces/shop",
                "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"istio.io/use-waypoint\": \"gate\"}}}");
        cluster.objects.put("/api/v1/namespaces/shop/pods", "{\"items\": []}");

        assertThat(run().output()).contains("the waypoint shop/gate, which its requests are to go through, has no Pod");
    }

    @Test
    void strictIsZtunnelsToDemand() throws IOException {
        cluster.demandMtls();

        assertThat(run("/x").output())
                .contains("mTLS STRICT", "not asked at the Pod's address:  mTLS is STRICT", "ztunnel would reset it");
    }

    @Test
    void aZtunnelAsTargetShowsTheConnectionsOfItsNode() throws IOException {
        cluster.objects.put("/api/v1/namespaces/istio-system/pods/ztunnel-x7", ztunnel("node-1", "x7"));
        cluster.logs.put(
                ZTUNNEL_LOG,
                connection("web-1", "cart-0", "inbound", "")
                        + connection("web-1", "other-0", "inbound", "io error: Connection refused (os error 111)"));

        var result = diagnose("-n", "istio-system", "ztunnel-x7");

        assertThat(result.output())
                .contains("2 connections, 1 failed", "from shop/web-1 to shop/other-0")
                .doesNotContain("sidecar");
    }
}
