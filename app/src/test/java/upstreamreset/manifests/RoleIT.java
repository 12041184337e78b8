// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.manifests.Caller.Answer;
import upstreamreset.testing.KubeApiServer;

/** The shipped Role allows what the election does, every verb of it is needed, and nothing else is allowed. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleIT {
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    private static final String LEASE = LEASES + "/http-chunked-leader";
    private static final String LEASE_OBJECT = """
            {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
             "metadata": {"name": "http-chunked-leader", "namespace": "default"}}
            """;
    private static final String SERVICE = "/api/v1/namespaces/default/services/http-chunked-leader";

    private final KubeApiServer server = KubeApiServer.start();
    private final Caller app;

    RoleIT() {
        Lab.install(server);
        app = Caller.inPod(server, "http-chunked-0");
    }

    @BeforeAll
    void theFullRoleHasTakenEffect() {
        await().until(() -> app.get(SERVICE).allowed());
    }

    @AfterAll
    void stop() {
        app.close();
        server.close();
    }

    /** What the election does, by the verb that allows it. */
    private Map<String, Supplier<Answer>> steps() {
        var watch = LEASES + "?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dhttp-chunked-leader";
        return Map.of(
                "get leases",
                () -> app.get(LEASE),
                "create leases",
                this::createLease,
                "update leases",
                this::updateLease,
                "watch leases",
                () -> app.get(watch),
                "get services",
                () -> app.get(SERVICE),
                "update services",
                () -> app.put(SERVICE, server.run("get", "--raw", SERVICE)),
                "patch pods",
                this::labelPod,
                "create events",
                this::createEvent);
    }

    /** By PUT to its own name, which RBAC can bind. */
    private Answer createLease() {
        server.run("delete", "lease", "http-chunked-leader", "--ignore-not-found");
        return app.put(LEASE, LEASE_OBJECT);
    }

    private Answer updateLease() {
        server.apply(LEASE_OBJECT);
        return app.put(LEASE, server.run("get", "--raw", LEASE));
    }

    private Answer labelPod() {
        return app.patch("/api/v1/namespaces/default/pods/http-chunked-0", """
                {"metadata": {"labels": {"pod": "http-chunked-0"}}}""");
    }

    private Answer createEvent() {
        return app.post("/apis/events.k8s.io/v1/namespaces/default/events", """
                {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"generateName": "lead-"},
                 "eventTime": "2026-01-01T00:00:00.000000Z", "type": "Normal", "action": "Lead",
                 "reason": "LeaderElection", "reportingController": "upstream-reset", "reportingInstance": "me",
                 "regarding": {"kind": "Lease", "namespace": "default", "name": "http-chunked-leader"}}
                """);
    }

    @Test
    void everyVerbOfTheRoleIsOneThatTheElectionUses() {
        assertThat(verbs(Lab.role())).containsExactlyInAnyOrderElementsOf(steps().keySet());
    }

    @TestFactory
    Stream<DynamicTest> theRoleSufficesTo() {
        server.apply(LEASE_OBJECT);
        return steps().entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(
                        step.getKey(),
                        () -> assertThat(step.getValue().get())
                                .as(step.getKey())
                                .matches(Answer::allowed)));
    }

    @TestFactory
    Stream<DynamicTest> withoutTheVerbItIsRefusedTo() {
        return steps().entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(step.getKey(), () -> {
                    var words = step.getKey().split(" ", 2);
                    try {
                        server.apply(without(words[0], words[1]).toString());
                        await(step.getKey())
                                .untilAsserted(() -> assertThat(step.getValue().get())
                                        .matches(answer -> answer.status() == 403)
                                        .matches(answer -> answer.body()
                                                .contains(
                                                        "cannot " + words[0] + " resource \\\"" + words[1] + "\\\"")));
                    } finally {
                        server.apply(Lab.role().toString());
                        await(step.getKey() + " again")
                                .until(() -> step.getValue().get().allowed());
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /apis/coordination.k8s.io/v1/namespaces/default/leases/another",
        "PUT, /apis/coordination.k8s.io/v1/namespaces/default/leases/another",
        "GET, /apis/coordination.k8s.io/v1/namespaces/default/leases",
        "POST, /apis/coordination.k8s.io/v1/namespaces/default/leases",
        "PATCH, /apis/coordination.k8s.io/v1/namespaces/default/leases/http-chunked-leader",
        "DELETE, /apis/coordination.k8s.io/v1/namespaces/default/leases/http-chunked-leader",
        "GET, /apis/coordination.k8s.io/v1/namespaces/default/leases?watch=true",
        "GET, /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/http-chunked-leader",
        "PUT, /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/http-chunked-leader",
        "GET, /api/v1/namespaces/default/services/http-chunked",
        "PUT, /api/v1/namespaces/default/services/http-chunked",
        "GET, /api/v1/namespaces/default/services",
        "POST, /api/v1/namespaces/default/services",
        "DELETE, /api/v1/namespaces/default/services/http-chunked-leader",
        "GET, /api/v1/namespaces/kube-system/services/http-chunked-leader",
        "GET, /api/v1/namespaces/default/pods/http-chunked-0",
        "GET, /api/v1/namespaces/default/pods",
        "PUT, /api/v1/namespaces/default/pods/http-chunked-0",
        "POST, /api/v1/namespaces/default/pods",
        "DELETE, /api/v1/namespaces/default/pods/http-chunked-0",
        "POST, /api/v1/namespaces/default/pods/http-chunked-0/exec",
        "PATCH, /api/v1/namespaces/default/pods/http-chunked-0/status",
        "PATCH, /api/v1/namespaces/default/pods/http-chunked-0/ephemeralcontainers",
        "PATCH, /api/v1/namespaces/kube-system/pods/http-chunked-0",
        "GET, /api/v1/namespaces/default/secrets",
        "GET, /api/v1/namespaces/default/secrets/any",
        "GET, /api/v1/namespaces/default/configmaps",
        "GET, /apis/events.k8s.io/v1/namespaces/default/events",
        "POST, /apis/events.k8s.io/v1/namespaces/kube-system/events",
        "POST, /api/v1/namespaces/default/events",
        "POST, /api/v1/namespaces/default/serviceaccounts/http-chunked/token",
        "PUT, /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/http-chunked",
        "GET, /api/v1/nodes",
        "GET, /api/v1/namespaces",
    })
    void anythingElseIsDenied(String method, String path) {
        var answer = switch (method) {
            case "GET" -> app.get(path);
            case "PUT" -> app.put(path, "{}");
            case "POST" -> app.post(path, "{}");
            case "PATCH" -> app.patch(path, "{}");
            case "DELETE" -> app.delete(path);
            default -> throw new IllegalArgumentException(method);
        };

        assertThat(answer).matches(refused -> refused.status() == 403);
    }

    /** Not a sample, but all that the API server says the account may do in its namespace and in another. */
    @ParameterizedTest
    @CsvSource({"default, true", "kube-system, false"})
    void theApiServerCountsNoOtherRight(String namespace, boolean ours) {
        var review = app.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", """
                {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "%s"}}
                """.formatted(namespace));

        var rights = Yaml.all(review.body()).getFirst().objects("status", "resourceRules").stream()
                // What everybody may: ask for one's own rights, and from Kubernetes 1.37 on read whom the cluster
                // trusts.
                .filter(rule -> !rule.texts("resources").toString().matches(".*(selfsubject|clustertrustbundles).*"))
                .flatMap(RoleIT::verbsOfRule)
                .toList();
        assertThat(rights).containsExactlyInAnyOrderElementsOf(ours ? verbs(Lab.role()) : List.of());
    }

    private static List<String> verbs(Yaml role) {
        return role.objects("rules").stream().flatMap(RoleIT::verbsOfRule).toList();
    }

    private static Stream<String> verbsOfRule(Yaml rule) {
        return rule.texts("verbs").stream()
                .flatMap(verb -> rule.texts("resources").stream().map(resource -> verb + " " + resource));
    }

    private static Yaml without(String verb, String resource) {
        var role = Lab.role();
        var rules = role.objects("rules");
        for (var rule : rules) {
            if (rule.texts("resources").contains(resource)) {
                rule.with(
                        "verbs",
                        rule.texts("verbs").stream()
                                .filter(each -> !each.equals(verb))
                                .toList());
            }
        }
        return role.with(
                "rules",
                rules.stream()
                        .filter(rule -> !rule.texts("verbs").isEmpty())
                        .map(Yaml::root)
                        .toList());
    }
}
