// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import upstreamreset.testing.KubeApiServer;

/**
 * The Roles for people allow what {@code diagnose} and {@code capture} do, and every verb of them is needed. Of each verb there is a person
 * who has all but that one. {@code scripts/test} runs it on the Kubernetes that the rest is tested on, {@code scripts/test --newest} on the
 * newest.
 */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeopleRolesIT {
    private static final List<String> ROLES = List.of("diagnose", "codec-log", "capture");
    private static final String NAMESPACE = "people";
    private static final String CORE = "/api/v1/namespaces/" + NAMESPACE;
    private static final String POD = CORE + "/pods/app";
    private static final int FORBIDDEN = 403;

    private final KubeApiServer server = KubeApiServer.shared();
    private final KubernetesClient client =
            new KubernetesClientBuilder().withConfig(server.adminConfig()).build();
    private final HttpClient http = client.getHttpClient();

    @BeforeAll
    void install() {
        server.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: people}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: people}
                """);
        server.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: app, namespace: people}
                spec: {containers: [{name: app, image: app}]}
                """);
        server.run(
                "apply",
                "-n",
                NAMESPACE,
                "-k",
                Repository.path("manifests/diagnose").toString());
        var objects = new ArrayList<Yaml>();
        for (var role : ROLES) {
            objects.add(binding("upstream-reset-" + role, "upstream-reset-" + role));
            for (var right : rights(role)) {
                objects.add(without(role, right));
                objects.add(binding(nameOf(role, right), nameOf(role, right)));
            }
        }
        server.apply(Yaml.stream(objects));
        await().untilAsserted(() -> {
            assertThat(get("upstream-reset-capture", POD)).isEqualTo(200);
            assertThat(get(nameOf("capture", rights("capture").getLast()), POD)).isEqualTo(200);
        });
    }

    @AfterAll
    void stop() {
        server.run("delete", "namespace", NAMESPACE, "--wait=false");
        client.close();
    }

    private static Yaml role(String role) {
        return Yaml.one(
                Yaml.all(Repository.text("manifests/diagnose/" + role + ".yaml")), "Role", "upstream-reset-" + role);
    }

    /** {@code verb resource}, each that the Role has. */
    private static List<String> rights(String role) {
        return role(role).objects("rules").stream()
                .flatMap(rule -> rule.texts("resources").stream()
                        .flatMap(resource -> rule.texts("verbs").stream().map(verb -> verb + " " + resource)))
                .toList();
    }

    private static String nameOf(String role, String right) {
        return role + "-without-" + right.replaceAll("[ /]", "-");
    }

    private static Yaml binding(String role, String person) {
        return Yaml.all("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: %1$s, namespace: people}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %2$s}
                subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: %1$s}]
                """.formatted(person, role)).getFirst();
    }

    /** The Role with a rule for each right but one. */
    private static Yaml without(String role, String right) {
        var rules = new ArrayList<Object>();
        for (var rule : role(role).objects("rules")) {
            for (var resource : rule.texts("resources")) {
                for (var verb : rule.texts("verbs")) {
                    if (!right.equals(verb + " " + resource)) {
                        rules.add(Map.of(
                                "apiGroups",
                                rule.texts("apiGroups"),
                                "resources",
                                List.of(resource),
                                "verbs",
                                List.of(verb)));
                    }
                }
            }
        }
        var rest = role(role);
        rest.object("metadata").with("name", nameOf(role, right)).with("namespace", NAMESPACE);
        return rest.with("rules", rules);
    }

    /** What is asked, by the right that allows it: the HTTP method and the path; a WebSocket's method is WS. */
    private static Map<String, List<String>> requests() {
        var requests = new LinkedHashMap<String, List<String>>();
        requests.put("get pods", List.of("GET", POD));
        requests.put("list pods", List.of("GET", CORE + "/pods?labelSelector=app%3Dcart"));
        requests.put("get namespaces", List.of("GET", CORE));
        requests.put("get services", List.of("GET", CORE + "/services/cart"));
        requests.put("list services", List.of("GET", CORE + "/services"));
        for (var kind : List.of("deployments", "statefulsets", "daemonsets", "replicasets")) {
            requests.put("get " + kind, List.of("GET", "/apis/apps/v1/namespaces/people/" + kind + "/cart"));
        }
        requests.put("get jobs", List.of("GET", "/apis/batch/v1/namespaces/people/jobs/cart"));
        requests.put(
                "get gateways", List.of("GET", "/apis/gateway.networking.k8s.io/v1/namespaces/people/gateways/cart"));
        requests.put(
                "list peerauthentications",
                List.of("GET", "/apis/security.istio.io/v1/namespaces/people/peerauthentications"));
        for (var kind : List.of("destinationrules", "envoyfilters")) {
            requests.put("list " + kind, List.of("GET", "/apis/networking.istio.io/v1/namespaces/people/" + kind));
        }
        requests.put("get pods/log", List.of("GET", POD + "/log?container=app"));
        requests.put("get pods/proxy", List.of("GET", POD + ":8080/proxy/"));
        requests.put("create pods/proxy", List.of("POST", POD + ":8080/proxy/"));
        requests.put("patch pods/ephemeralcontainers", List.of("PATCH", POD + "/ephemeralcontainers?dryRun=All"));
        requests.put("get pods/portforward", List.of("WS", POD + "/portforward?ports=8080"));
        requests.put("create pods/portforward", List.of("POST", POD + "/portforward?ports=8080"));
        requests.put("get pods/exec", List.of("WS", POD + "/exec?container=app&command=id&stdout=true"));
        requests.put("create pods/exec", List.of("POST", POD + "/exec?container=app&command=id&stdout=true"));
        return requests;
    }

    private int ask(String person, String right) {
        var request = Objects.requireNonNull(requests().get(right), right);
        var path = request.getLast();
        return switch (request.getFirst()) {
            case "GET" -> get(person, path);
            case "WS" -> connect(person, path);
            default -> send(person, request.getFirst(), path);
        };
    }

    private int get(String person, String path) {
        return send(person, "GET", path);
    }

    private int send(String person, String method, String path) {
        var builder = http.newHttpRequestBuilder()
                .uri(server.url() + path)
                .header("Impersonate-User", person)
                .timeout(30, TimeUnit.SECONDS);
        var request =
                method.equals("GET") ? builder : builder.method(method, "application/strategic-merge-patch+json", "{}");
        return http.sendAsync(request.build(), String.class).join().code();
    }

    /** The status that a WebSocket is refused with; 101 where it is not. */
    private int connect(String person, String path) {
        try {
            http.newWebSocketBuilder()
                    .uri(WebSocket.toWebSocketUri(URI.create(server.url() + path)))
                    .header("Impersonate-User", person)
                    .subprotocol("v4.channel.k8s.io")
                    .connectTimeout(30, TimeUnit.SECONDS)
                    .buildAsync(new WebSocket.Listener() {})
                    .join()
                    .sendClose(1000, "");
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().code();
            }
            throw e;
        }
    }

    /** Whether a WebSocket needs the verb create besides get: from 1.35 on. */
    private boolean createCounts() {
        var minor = Yaml.all(server.run("get", "--raw", "/version")).getFirst().text("minor");
        return Integer.parseInt(minor.replaceAll("\\D", "")) >= 35;
    }

    @Test
    void everyVerbOfARoleIsOneThatIsUsed() {
        for (var role : ROLES) {
            assertThat(requests().keySet()).containsAll(rights(role));
        }
    }

    @TestFactory
    Stream<DynamicTest> theRoleSufficesTo() {
        return each((role, right) -> await().untilAsserted(
                        () -> assertThat(ask("upstream-reset-" + role, right)).isNotEqualTo(FORBIDDEN)));
    }

    @TestFactory
    Stream<DynamicTest> withoutTheVerbItIsRefusedTo() {
        return each((role, right) -> await().untilAsserted(
                        () -> assertThat(ask(nameOf(role, right), right)).isEqualTo(FORBIDDEN)));
    }

    /** The others are not refused by a lack of that one. */
    @TestFactory
    Stream<DynamicTest> withoutAnotherVerbItIsAllowedTo() {
        return each((role, right) -> {
            var other = rights(role).stream()
                    .filter(each -> !each.endsWith(right.replaceFirst(".* ", "")))
                    .findFirst()
                    .orElseThrow();
            assertThat(ask(nameOf(role, other), right)).isNotEqualTo(FORBIDDEN);
        });
    }

    @TestFactory
    Stream<DynamicTest> fromKubernetes135OnAWebSocketNeedsCreateToo() {
        return Stream.of("diagnose create pods/portforward", "capture create pods/exec")
                .map(each -> DynamicTest.dynamicTest(each, () -> {
                    var words = each.split(" ", 2);
                    var socket = words[1].replace("create", "get");
                    var refused = ask(nameOf(words[0], words[1]), socket) == FORBIDDEN;
                    assertThat(refused).isEqualTo(createCounts());
                }));
    }

    /** What to do with a right of a Role. */
    private interface Step {
        void take(String role, String right);
    }

    private static Stream<DynamicTest> each(Step step) {
        return ROLES.stream()
                .flatMap(role -> rights(role).stream()
                        .map(right -> DynamicTest.dynamicTest(role + ": " + right, () -> step.take(role, right))));
    }

    @Test
    void theMeshWideRoleReadsWhatDiagnoseReadsOfTheMesh() {
        var mesh = Yaml.one(
                Yaml.all(Repository.text("manifests/diagnose/mesh/mesh.yaml")), "Role", "upstream-reset-diagnose");

        assertThat(role("diagnose").objects("rules").stream()
                        .map(Yaml::toString)
                        .toList())
                .containsAll(mesh.objects("rules").stream().map(Yaml::toString).toList());
    }

    @Test
    void theRoleForAmbientModeReadsZtunnelsLogAndNothingElse() {
        var ambient = Yaml.one(
                Yaml.all(Repository.text("manifests/diagnose/mesh/ambient.yaml")), "Role", "upstream-reset-ambient");

        assertThat(ambient.objects("rules").stream()
                        .map(rule -> rule.texts("verbs") + " " + rule.texts("resources"))
                        .toList())
                .containsExactly("[list] [pods]", "[get] [pods/log]");
    }
}
