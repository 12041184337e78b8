// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API server of the other tests: real rights, and it can be frozen, killed and started again. */
@Tag("kube")
class KubeApiServerIT {
    @Test
    void aServiceAccountMayDoNothingUntilItIsAllowedTo() {
        // Given
        var server = KubeApiServer.shared();
        server.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: nobody, namespace: default}
                """);
        // When
        var kubeconfig = server.kubeconfig("nobody", server.token("default", "nobody"), "default");
        // Then
        assertThat(server.kubectl("", "--kubeconfig=" + kubeconfig, "get", "leases"))
                .satisfies(result -> assertThat(result.exitCode()).isNotZero())
                .satisfies(result -> assertThat(result.err())
                        .contains("User \"system:serviceaccount:default:nobody\" cannot list resource \"leases\""));
    }

    @Test
    void whatWasWrittenSurvivesARestartOfBothParts() {
        try (var server = KubeApiServer.start()) {
            server.run("create", "configmap", "kept");

            server.apiServer().kill();
            server.restartApiServer();
            server.restartEtcd();

            assertThat(server.run("get", "configmap", "kept", "-o", "name")).isEqualTo("configmap/kept\n");
        }
    }

    @Test
    void aFrozenApiServerAnswersNobodyUntilItIsThawed() {
        try (var server = KubeApiServer.start()) {
            server.apiServer().signal("STOP");
            assertThat(server.kubectl("", "get", "namespaces", "--request-timeout=1s")
                            .exitCode())
                    .isNotZero();

            server.apiServer().signal("CONT");
            server.awaitReady();
        }
    }
}
