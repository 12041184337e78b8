// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
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
import upstreamreset.testing.KubeApiServer;
import upstreamreset.testing.Kubectl;
import upstreamreset.testing.Kubectl.Result;

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
    private static final String POD = "/api/v1/namespaces/default/pods/http-chunked-0";

    private final KubeApiServer server = KubeApiServer.start();
    private final Kubectl app = Lab.install(server);

    @BeforeAll
    void theFullRoleHasTakenEffect() {
        await().until(() -> read(SERVICE).exitCode() == 0);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** What the election does, by the verb that allows it. */
    private Map<String, Supplier<Result>> steps() {
        var watch = LEASES + "?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dhttp-chunked-leader";
        return Map.of(
                "get leases", () -> read(LEASE),
                "create leases", this::createLease,
                "update leases", this::updateLease,
                "watch leases", () -> read(watch),
                "get services", () -> read(SERVICE),
                "update services", () -> write(SERVICE, server.run("get", "--raw", SERVICE)),
                "get pods", () -> read(POD),
                "patch pods", () -> app.run("", "label", "--overwrite", "pod", "http-chunked-0", "pod=http-chunked-0"),
                "create events", this::createEvent);
    }

    /** By PUT to its own name, which RBAC can bind. */
    private Result createLease() {
        server.run("delete", "lease", "http-chunked-leader", "--ignore-not-found");
        return write(LEASE, LEASE_OBJECT);
    }

    private Result updateLease() {
        server.apply(LEASE_OBJECT);
        return write(LEASE, server.run("get", "--raw", LEASE));
    }

    private Result createEvent() {
        return app.run("""
                {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"generateName": "lead-"},
                 "eventTime": "2026-01-01T00:00:00.000000Z", "type": "Normal", "action": "Lead",
                 "reason": "LeaderElection", "reportingController": "upstream-reset", "reportingInstance": "me",
                 "regarding": {"kind": "Lease", "namespace": "default", "name": "http-chunked-leader"}}
                """, "create", "--raw=/apis/events.k8s.io/v1/namespaces/default/events", "-f", "-");
    }

    @Test
    void everyVerbOfTheRoleIsOneThatTheElectionUses() {
        assertThat(verbs(Lab.role())).containsExactlyInAnyOrderElementsOf(steps().keySet());
    }

    @TestFactory
    Stream<DynamicTest> theRoleSufficesTo() {
        return steps().entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(step.getKey(), () -> {
                    var result = step.getValue().get();
                    assertThat(result.exitCode())
                            .as("%s: %s", step.getKey(), result.err())
                            .isZero();
                }));
    }

    @TestFactory
    Stream<DynamicTest> withoutTheVerbItIsRefusedTo() {
        return steps().entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(step.getKey(), () -> {
                    var verb = step.getKey().split(" ", -1);
                    try {
                        server.apply(without(verb[0], verb[1]).toString());
                        await().untilAsserted(
                                        () -> assertThat(step.getValue().get().err())
                                                .containsIgnoringCase("forbidden")
                                                .contains("cannot " + verb[0] + " resource \"" + verb[1] + "\""));
                    } finally {
                        server.apply(Lab.role().toString());
                        await().until(() -> step.getValue().get().exitCode() == 0);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> andMayNot() {
        return Stream.of(
                        "get leases/another",
                        "update leases/another",
                        "list leases",
                        "delete leases/http-chunked-leader",
                        "patch leases/http-chunked-leader",
                        "create leases",
                        "list services",
                        "get services/http-chunked",
                        "update services/http-chunked",
                        "create services",
                        "delete services/http-chunked-leader",
                        "list pods",
                        "update pods/http-chunked-0",
                        "delete pods/http-chunked-0",
                        "create pods",
                        "create pods/http-chunked-0 --subresource=exec",
                        "patch pods/http-chunked-0 --subresource=status",
                        "patch pods/http-chunked-0 --subresource=ephemeralcontainers",
                        "list events",
                        "get secrets",
                        "list secrets",
                        "get configmaps",
                        "create serviceaccounts/http-chunked --subresource=token",
                        "update roles/http-chunked",
                        "get nodes",
                        "get leases/http-chunked-leader --namespace=kube-system",
                        "get services/http-chunked-leader --namespace=kube-system",
                        "get pods --namespace=kube-system",
                        "create events --namespace=kube-system")
                .map(what -> DynamicTest.dynamicTest(what, () -> {
                    var question = new ArrayList<>(List.of("auth", "can-i"));
                    question.addAll(List.of(what.split(" ", -1)));
                    assertThat(app.run("", question.toArray(String[]::new)).out())
                            .isEqualTo("no\n");
                }));
    }

    private Result read(String path) {
        return app.run("", "get", "--raw", path);
    }

    private Result write(String path, String object) {
        return app.run(object, "replace", "--raw", path, "-f", "-");
    }

    private static List<String> verbs(Yaml role) {
        return role.objects("rules").stream()
                .flatMap(rule -> rule.texts("verbs").stream()
                        .flatMap(verb -> rule.texts("resources").stream().map(resource -> verb + " " + resource)))
                .toList();
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
