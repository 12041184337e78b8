// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Pod, container and port a target means, and what of them matters to the reader. */
class DiagnosePodsTest extends DiagnoseFixture {
    private static final String SERVICES = "/api/v1/namespaces/shop/services";
    private static final String PODS = "/api/v1/namespaces/shop/pods";

    private static final String LOGS =
            "{\"configs\": [{\"listener\": {\"access_log\": [{\"name\": \"envoy.access_loggers.file\"}]}}]}";

    private static String other(String name, String namespace, String phase, String ready) {
        return """
                {"metadata": {"name": "%s", "namespace": "%s", "uid": "%1$s", "labels": {"app": "cart"}},
                 "spec": {"containers": [{"name": "cart", "ports": [{"containerPort": 8080}]}]},
                 "status": {"phase": "%s", "podIP": "10.0.0.8", "conditions": [{"type": "Ready", "status": "%s"}]}}""".formatted(name, namespace, phase, ready);
    }

    private void service(String spec) {
        var service = "{\"metadata\": {\"name\": \"cart\"}, \"spec\": " + spec + "}";
        cluster.objects.put(SERVICES + "/cart", service);
        cluster.objects.put(SERVICES, "{\"items\": [" + service + "]}");
    }

    private void annotated(String annotations) {
        cluster.objects.put(
                POD, cluster.pod().replace("\"labels\":", "\"annotations\": {" + annotations + "}, \"labels\":"));
    }

    @Test
    void ofSeveralPodsAReadyOneIsExaminedAndTheOthersAreNamed() throws IOException {
        service(
                "{\"selector\": {\"app\": \"cart\"}, \"ports\": [{\"port\": 80, \"targetPort\": 8080, \"name\": \"http\"}]}");
        cluster.objects.put(
                PODS,
                "{\"items\": [" + other("cart-1", "shop", "Running", "False") + ", "
                        + other("cart-2", "shop", "Pending", "False") + ", " + cluster.pod() + "]}");

        var result = diagnose("svc/cart", "/x");

        assertThat(result.output())
                .contains(
                        "pod/cart-0 (1 of 3): container cart, Service cart:80 → 8080 (name http)",
                        "2 of the 3 Pods are not ready: pod/cart-1, pod/cart-2 (Pending)");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void aPodThatIsNotReadyGetsNoRequestOfItsService() throws IOException {
        cluster.objects.put(POD, cluster.pod().replace("\"True\"", "\"False\""));

        var result = run("/x");

        assertThat(result.output())
                .startsWith(
                        "pod-not-ready: pod/cart-0 is not ready, so its Service sends it no request; the app answers GET /x");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aServiceMayLeadToPodsThatAreNotReady() throws IOException {
        service(
                "{\"publishNotReadyAddresses\": true, \"selector\": {\"app\": \"cart\"}, \"ports\": [{\"port\": 80, \"targetPort\": 8080}]}");
        cluster.objects.put(POD, cluster.pod().replace("\"True\"", "\"False\""));

        assertThat(run("/x").output()).startsWith("GET /x is answered well").contains("the Pod is not ready");
    }

    @Test
    void ofAllNamespacesTheOneIsNamed() throws IOException {
        cluster.objects.put(
                "/api/v1/pods",
                "{\"items\": [" + cluster.pod() + ", " + other("cart-0", "test", "Running", "True") + "]}");

        assertThat(diagnose("-A", "-l", "app=cart", "/x").output()).contains("pod/cart-0 in shop (1 of 2): ");
    }

    @Test
    void aListIsReadByPages() throws IOException {
        cluster.objects.put(
                PODS,
                "{\"metadata\": {\"continue\": \"next\"}, \"items\": [" + other("cart-1", "shop", "Running", "False")
                        + "]}");
        cluster.objects.put(PODS + "?next", "{\"items\": [" + cluster.pod() + "]}");

        assertThat(diagnose("-l", "app=cart", "/x").output()).contains("pod/cart-0 (1 of 2)");
    }

    @Test
    void aServiceThatIsAnotherNameHasNoPods() throws IOException {
        service("{\"type\": \"ExternalName\", \"externalName\": \"api.example.com\"}");

        var result = diagnose("svc/cart", "/x");

        assertThat(result.errors())
                .contains(
                        "service 'cart' in namespace 'shop' is another name for api.example.com: no Pod is behind it");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aNamedPortMayBeOfTheAppsOwnNativeSidecar() throws IOException {
        service(
                "{\"selector\": {\"app\": \"cart\"}, \"ports\": [{\"port\": 80, \"targetPort\": \"web\", \"name\": \"http\"}]}");
        cluster.objects.put(
                POD,
                FakeCluster.pod(
                        "\"initContainers\": [{\"name\": \"setup\", \"ports\": [{\"containerPort\": 1, \"name\": \"web\"}]},"
                                + " {\"name\": \"nginx\", \"restartPolicy\": \"Always\", \"ports\": [{\"containerPort\": 8080, \"name\": \"web\"}]}],"));

        assertThat(run("/x").output()).contains("container nginx, Service cart:80 → 8080 (name http)");
    }

    @Test
    void aNamedPortThatNobodyDeclaresIsAFinding() throws IOException {
        service(
                "{\"selector\": {\"app\": \"cart\"}, \"ports\": [{\"port\": 80, \"targetPort\": \"web\", \"name\": \"http\"}]}");

        var result = run("/x");

        assertThat(result.output())
                .startsWith(
                        "target-port-unknown: Service cart:80 → web (name http) leads to a port that no container of"
                                + " pod/cart-0 declares by that name: it has no endpoint there");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void toHeadTheLengthIsThatOfTheAnswerToGet() throws IOException {
        cluster.app = request -> "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

        assertThat(run("/x", "-X", "HEAD").output())
                .startsWith("HEAD /x is answered well")
                .doesNotContain("content-length");
    }

    @Test
    void ofALongAnswerTheBeginSuffices() throws IOException {
        cluster.body = "x".repeat(4 << 20);
        cluster.app = request -> "HTTP/1.1 200 OK\r\nContent-Length: " + (4 << 20) + "\r\n\r\n" + cluster.body;

        var result = run("/x");

        assertThat(result.output())
                .startsWith("GET /x is answered well, past the sidecar and through it")
                .contains("asked it through its sidecar:  200\n");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void aPortOfUdpIsNotAsked() throws IOException {
        service(
                "{\"selector\": {\"app\": \"cart\"}, \"ports\": [{\"port\": 53, \"protocol\": \"UDP\", \"name\": \"dns\"}]}");
        cluster.objects.put(
                POD,
                cluster.pod()
                        .replace(
                                "\"ports\": [",
                                "\"ports\": [{\"containerPort\": 53, \"protocol\": \"UDP\", \"name\": \"dns\"}, "));

        assertThat(run("/x").output()).contains("container cart, port 8080;").doesNotContain("53");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            "traffic.sidecar.istio.io/excludeInboundPorts": "9090, 8080"
            "traffic.sidecar.istio.io/includeInboundPorts": "9090"
            "traffic.sidecar.istio.io/includeInboundPorts": ""
            "sidecar.istio.io/interceptionMode": "NONE"
            """)
    void whereTheSidecarIsNotOnTheWayNothingIsSaidOfIt(String annotation) throws IOException {
        annotated(annotation);
        cluster.listeners = LOGS;
        cluster.demandMtls();
        cluster.line = "";

        var result = run("/x");

        assertThat(result.output())
                .startsWith("GET /x is answered well, inside the Pod and at the Pod's address")
                .contains("the sidecar does not take the connections to port 8080: requests come past it")
                .contains("asked the app (port-forward):  200", "asked it at the Pod's address:  200")
                .doesNotContain("through its sidecar", "STRICT", "access log");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void aPodThatWantsNoSidecarIsSaidSo() throws IOException {
        cluster.objects.put(
                POD,
                FakeCluster.pod("")
                        .replace("\"app\": \"cart\"}", "\"app\": \"cart\", \"sidecar.istio.io/inject\": \"false\"}"));

        assertThat(run("/x").output())
                .contains("no sidecar", "sidecar.istio.io/inject is false: Istio gives it no sidecar");
    }

    @ParameterizedTest
    @CsvSource({"tcp-x", "mongo", "redis"})
    void ofAPortOfBytesNoLineIsMissed(String name) throws IOException {
        cluster.objects.put(SERVICES, FakeCluster.services(name));
        cluster.listeners = LOGS;
        cluster.line = "";

        var result = run("/x");

        assertThat(result.output())
                .contains("the Service's port is declared as bytes")
                .doesNotContain("in a format that is known");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void plainTextOnAPortNamedHttpsIsAFinding() throws IOException {
        cluster.objects.put(SERVICES, FakeCluster.services("https"));
        cluster.app = request -> "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

        var result = run("/x");

        assertThat(result.output())
                .startsWith(
                        "plain-text-declared-tls: the port speaks plain text, and is declared as TLS: cart:80 → 8080");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void theAppsErrorIsItsOwnAlsoWhereItIsAskedThroughTheSidecarAlone() throws IOException {
        cluster.denied.add("create pods/portforward");
        cluster.status = 503;
        cluster.body = "busy";
        cluster.line = "503 - via_upstream";

        assertThat(run("/x").output()).startsWith("app-answered: the app itself answers 503 to GET /x");
    }
}
