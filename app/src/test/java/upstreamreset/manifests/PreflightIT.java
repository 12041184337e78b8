// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.KubeApiServer;

/** scripts/preflight tells what a real API server would refuse of the lab, and leaves nothing there. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PreflightIT {
    private final KubeApiServer server = KubeApiServer.start();
    private Sandbox sandbox;

    PreflightIT() {
        Lab.makeRestrictedNamespace(server);
        Lab.makeAccount(server, "default", "default");
    }

    @BeforeEach
    void makeSandbox(@TempDir Path folder) {
        sandbox = Sandbox.in(folder).on(server.kubectl(), server.kubeconfig());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void whereNothingIsEnforcedAllIsAdmitted() {
        var result = sandbox.script("preflight", "--context", "test");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("admitted  the app's Pod\n").doesNotContain("REFUSED");
        assertThat(server.run("get", "pods,statefulsets", "--all-namespaces", "-o", "name"))
                .isEmpty();
    }

    @Test
    void podSecurityRestrictedRefusesWhatIsPrivilegedAndNotTheApp() {
        var result = sandbox.script("preflight", "--context", "test", "--namespace", "restricted");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("admitted  the app's Pod\n")
                .contains("REFUSED   istio-init, in each Pod with a sidecar of a mesh without istio-cni: pods"
                        + " \"istio-init\" is forbidden: violates PodSecurity \"restricted:latest\"")
                .contains("admitted  istio-cni and ztunnel, on each node\n")
                .contains("REFUSED   the container of scripts/sniff: ");
    }

    @Test
    void itSaysWhichRightsAreMissing(@TempDir Path folder) {
        server.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: developer, namespace: default}
                rules: [{apiGroups: ["", apps], resources: [pods, statefulsets], verbs: [create]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: developer, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: developer}
                subjects: [{kind: ServiceAccount, name: default, namespace: default}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: look}
                rules: [{apiGroups: [""], resources: [namespaces], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: look}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: look}
                subjects: [{kind: ServiceAccount, name: default, namespace: default}]
                """);
        var developer = server.kubeconfig("developer", server.token("default", "default"), "default");

        var result = Sandbox.in(folder).on(server.kubectl(), developer).script("preflight", "--context", "test");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.out())
                .contains("admitted  the app's Pod\n")
                .contains("allowed   you to create statefulsets.apps\n")
                .contains("REFUSED   you to create validatingadmissionpolicies.admissionregistration.k8s.io:"
                        + " take overlay namespaced, which has none\n");
    }

    @Test
    void aClusterThatCannotBeAskedIsNoRefusal() {
        assertThat(sandbox.script("preflight", "--context", "test", "--namespace", "none")
                        .exitCode())
                .isEqualTo(3);
        assertThat(sandbox.script("preflight", "--context", "other").exitCode()).isEqualTo(3);
    }
}
