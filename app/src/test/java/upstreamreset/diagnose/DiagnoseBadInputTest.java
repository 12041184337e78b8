// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeConfig;
import upstreamreset.pod.PodFinder;
import upstreamreset.pod.TargetName;
import upstreamreset.testing.Cli;

/** What can be wrong with a target, a cluster and its answers: each is said in one sentence, and no answer is made of it. */
class DiagnoseBadInputTest extends DiagnoseFixture {
    private static final String SHOP = "/apis/apps/v1/namespaces/shop/";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void aPodThatGoesWhileItIsAskedIsSaidToBeGone() throws IOException {
        cluster.app = request -> {
            cluster.objects.remove(POD);
            return OK;
        };

        var result = diagnose("cart-0", "/x");

        assertThat(result.output())
                .startsWith("pod/cart-0 was deleted while it was asked; ask again")
                .contains("not found");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void anAppThatAnswersAsAnApiServerIsNotTakenForIt() throws IOException {
        var body = "{\"kind\":\"Status\",\"message\":\"no such thing\"}";
        cluster.app = request -> "HTTP/1.1 404 Not Found\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        cluster.status = 404;
        cluster.body = body;
        cluster.line = "404 - via_upstream";

        assertThat(diagnose("cart-0", "/x").output())
                .startsWith("GET /x is answered 404, past the sidecar and through it")
                .contains("asked it through its sidecar:  404");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deployments | deployment.apps/cart | deployment 'cart' in namespace 'shop' is scaled to 0: it has no Pod
            statefulsets | sts/cart | statefulset 'cart' in namespace 'shop' is scaled to 0: it has no Pod
            """)
    void whatIsScaledToZeroIsSaidSo(String plural, String target, String sentence) throws IOException {
        cluster.objects.put(
                SHOP + plural + "/cart",
                "{\"spec\": {\"replicas\": 0, \"selector\": {\"matchLabels\": {\"app\": \"cart\"}}}}");
        cluster.objects.put("/api/v1/namespaces/shop/pods", "{\"items\": []}");

        var result = diagnose(target, "/x");

        assertThat(result.errors()).contains(sentence);
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aServiceWithoutSelectorSelectsNothing() throws IOException {
        cluster.objects.put("/api/v1/namespaces/shop/services/cart", "{\"spec\": {\"ports\": [{\"port\": 80}]}}");

        assertThat(diagnose("svc/cart", "/x").errors())
                .contains("service 'cart' in namespace 'shop' selects no Pods: it has no selector");
    }

    @Test
    void aHeadlessServiceWithANamedTargetPortLeadsToItsPods() throws IOException {
        var service = """
                {"metadata": {"name": "cart"}, "spec": {"clusterIP": "None", "selector": {"app": "cart"},
                 "ports": [{"port": 80, "targetPort": "web", "name": "http-web"}]}}""";
        cluster.objects.put("/api/v1/namespaces/shop/services/cart", service);
        cluster.objects.put("/api/v1/namespaces/shop/services", "{\"items\": [" + service + "]}");
        cluster.objects.put(
                "/api/v1/namespaces/shop/pods",
                "{\"items\": ["
                        + cluster.pod().replace("\"containerPort\": 8080", "\"containerPort\": 8080, \"name\": \"web\"")
                        + "]}");

        assertThat(diagnose("svc/cart", "/x").output()).contains("Service cart:80 → 8080 (name http-web)");
    }

    @Test
    void aPodOfAJobThatIsDoneIsSaidToServeNothing() throws IOException {
        cluster.objects.put(
                "/apis/batch/v1/namespaces/shop/jobs/load",
                "{\"spec\": {\"selector\": {\"matchLabels\": {\"job-name\": \"load\"}}}}");
        cluster.objects.put("/api/v1/namespaces/shop/pods", """
                {"items": [{"metadata": {"name": "load-x", "namespace": "shop", "uid": "2"},
                 "spec": {"containers": [{"name": "load", "ports": [{"containerPort": 8080}]}]},
                 "status": {"phase": "Succeeded", "containerStatuses": [{"name": "load", "state": {"terminated": {"reason": "Completed"}}}]}}]}""");

        assertThat(diagnose("job/load").output())
                .startsWith("pod-not-running: pod/load-x serves nothing: its container load does not run: Completed");
    }

    @Test
    void ofTwoAppsTheOtherPortIsNamed() throws IOException {
        cluster.objects.put(
                POD,
                FakeCluster.pod("")
                        .replace(
                                "\"containers\": [",
                                "\"containers\": [{\"name\": \"metrics\", \"ports\": [{\"containerPort\": 9090}]}, "));

        assertThat(diagnose("cart-0", "/x").output())
                .contains("container cart, Service cart:80 → 8080 (name http)", "other ports: 9090 (--port)");
        assertThat(diagnose("cart-0", "/x", "--port", "9090").output()).contains("container metrics, port 9090");
    }

    @Test
    void withoutSidecarNobodyDemandsMtls() throws IOException {
        cluster.objects.put(POD, FakeCluster.pod(""));
        cluster.demandMtls();

        assertThat(diagnose("cart-0", "/x").output())
                .startsWith("GET /x is answered well, inside the Pod and at the Pod's address")
                .doesNotContain("STRICT");
    }

    @Test
    void labelsMeanPodsOfAllNamespaces() throws IOException {
        cluster.objects.put("/api/v1/pods", "{\"items\": [" + cluster.pod() + "]}");

        assertThat(diagnose("-A", "-l", "app=cart", "/x").output()).contains("pod/cart-0 in shop: container cart");
    }

    @ParameterizedTest
    @CsvSource({
        "/peerauthentications, 0",
        "/destinationrules, 0",
        "/envoyfilters, 0",
        "/services, 0",
        "/selfsubjectaccessreviews, 0",
        "/log, 3"
    })
    void aRefusalInTheMidstLeavesTheRestStanding(String part, int code) throws IOException {
        cluster.forbidden.add(part);

        var result = diagnose("cart-0", "/x", "--port", "8080");

        assertThat(result.output())
                .contains("asked the app past its sidecar (port-forward):  200", "asked it through its sidecar:  200");
        assertThat(result.exitCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"/pods/cart-0, cart-0, get pods cart-0", "/deployments/cart, deploy/cart, get deployments cart"})
    void aTargetThatMayNotBeReadIsNamedWithItsVerb(String part, String target, String right) throws IOException {
        cluster.forbidden.add(part);

        var result = diagnose(target, "/x");

        assertThat(result.errors()).contains("Not permitted to " + right);
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer x", "Host: shop.example.org", "TE: trailers"})
    void whatTheApiServerKeepsIsSaidAndMakesNoFinding(String field) throws IOException {
        cluster.status = 401;
        cluster.body = "who are you";
        cluster.line = "401 - jwt_authn_access_denied{Jwt_is_missing}";

        var result = diagnose("cart-0", "/x", "-H", field);

        var name = field.substring(0, field.indexOf(':'));
        assertThat(result.output())
                .startsWith("GET /x is answered 200 past the sidecar, and 401 through it, asked without " + name)
                .contains(name + " does not pass the API server's Pod proxy, so the answer may differ for that");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void nobodyIsImpersonatedByAField() throws IOException {
        diagnose(
                "cart-0",
                "/x",
                "-H",
                "Impersonate-User: admin",
                "-H",
                "Connection: X-Own",
                "-H",
                "X-Own: 1",
                "-H",
                "X-Kept: 1");

        assertThat(cluster.through)
                .doesNotContainKeys("impersonate-user", "x-own")
                .containsEntry("x-kept", "1");
    }

    @Test
    void aPolicyThatRefusesTheApiServerProvesNothingOfOthers() throws IOException {
        cluster.status = 403;
        cluster.body = "RBAC: access denied";
        cluster.line = "403 - rbac_access_denied_matched_policy[none]";

        var result = diagnose("cart-0", "/x");

        assertThat(result.output())
                .startsWith(
                        "GET /x is answered 200 past the sidecar, and 403 through it: the mesh refuses the API server");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void aBodyThatIsNoTextIsNotAskedThrough() throws IOException {
        var file = Files.write(folder.resolve("body"), new byte[] {(byte) 0xFF, 1});

        assertThat(diagnose("cart-0", "/x", "-d", "@" + file).output())
                .contains("asked the app past its sidecar (port-forward):  200", "the request's body is no UTF-8 text");
    }

    @Test
    void theNextQuestionIsForTheSamePortAndTellsMore() throws IOException {
        cluster.status = 503;
        cluster.line = "503 UC upstream_reset_before_response_started{connection_termination}";
        cluster.log.add(FakeCluster.line("/x", cluster.line, "1"));

        assertThat(diagnose("cart-0", "/x", "--port", "http").output())
                .startsWith("sidecar-answers: the sidecar itself answers 503 UC to GET /x");
        assertThat(diagnose("cart-0", "--port", "http").output()).contains(" pod/cart-0 --port http /x");
    }

    @Test
    void aPathThatCannotBeAskedForIsNotPrinted() throws IOException {
        cluster.log.add(
                FakeCluster.line("*", "503 UC upstream_reset_before_response_started{connection_termination}", "1"));

        assertThat(diagnose("cart-0").output()).contains("at GET *").doesNotContain("$ upstream-reset diagnose");
    }

    @Test
    void anAppThatFailsThroughTheSidecarAloneIsNotSaidToBeWell() throws IOException {
        cluster.status = 503;
        cluster.body = "busy";
        cluster.line = "503 - via_upstream";

        var result = diagnose("cart-0", "/x");

        assertThat(result.output()).startsWith("GET /x is answered 200 past the sidecar, and 503 through it\n");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aMethodThatTheApiServerDoesNotPassOnIsNotAskedThrough() throws IOException {
        assertThat(diagnose("cart-0", "/x", "-X", "TRACE").output())
                .contains("not asked through its sidecar:  the API server's Pod proxy takes no TRACE");
    }

    @Test
    void aKubeconfigWithoutCurrentContextNamesThoseItHas() throws IOException {
        var file = cluster.kubeconfig(folder);
        Files.writeString(file, Files.readString(file).replace("current-context: fake", ""));

        var result = Cli.run("diagnose", "--kubeconfig", file.toString(), "cart-0", "/x");

        assertThat(result.errors()).contains("names no current context; give --context, one of fake");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Cli.run("diagnose", "--kubeconfig", file.toString(), "--context", "fake", "cart-0", "/x")
                        .exitCode())
                .isEqualTo(0);
    }

    @Test
    void anApiServerThatDoesNotAnswerIsGivenUp() throws Exception {
        cluster.hanging.add(POD);
        var config = KubeConfig.find(Optional.of(cluster.kubeconfig(folder)), Optional.empty());

        try (var api = new KubeApi(config, Duration.ofMillis(200))) {
            var query = new PodFinder.Query(Optional.of(TargetName.parse("cart-0")), "", Optional.of("shop"));
            assertThatThrownBy(() -> new PodFinder(api).find(query))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("The API server cannot be asked to get pods cart-0: it does not answer in time");
        }
    }

    @Test
    void aContainerThatDoesNotRunIsNamed() throws IOException {
        cluster.refuses = true;
        var pod = cluster.pod().replace("\"True\"", "\"False\"");
        cluster.objects.put(
                POD,
                pod.replace(
                        "\"status\": {\"phase\"",
                        "\"status\": {\"containerStatuses\": [{\"name\": \"cart\", \"state\": {\"waiting\": {\"reason\": \"CrashLoopBackOff\"}}}], \"phase\""));

        assertThat(diagnose("cart-0", "/x").output())
                .startsWith(
                        "pod-not-running: pod/cart-0 serves nothing: its container cart does not run: CrashLoopBackOff")
                .contains("the Pod is not ready");
    }

    @Test
    void thePrintedCommandsGoToTheSameCluster() throws IOException {
        cluster.log.add(FakeCluster.line("/b", "502 UPE upstream_reset_before_response_started{protocol_error}", "1"));

        var result = diagnose("cart-0", "--context", "fake");

        assertThat(result.output())
                .contains("$ upstream-reset diagnose --context fake --kubeconfig " + folder
                        + "/kubeconfig -n shop pod/cart-0 /b");
    }
}
