// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import upstreamreset.testing.KubeApiServer;

/** fabric8's typed client works on a real API server without the model artifacts that app/pom.xml excludes. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypedClientIT {
    private static final String NAMESPACE = "typed-client";
    private static final Map<String, String> LABELS = Map.of("app", "http-chunked");

    private final KubeApiServer server = KubeApiServer.shared();
    private final KubernetesClient client = client();

    private KubernetesClient client() {
        server.apply("""
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: typed-client}
                        ---
                        apiVersion: v1
                        kind: ServiceAccount
                        metadata: {name: default, namespace: typed-client}
                        """);
        return new KubernetesClientBuilder().withConfig(server.adminConfig()).build();
    }

    @AfterAll
    void stop() {
        server.run("delete", "namespace", NAMESPACE, "--wait=false");
        client.close();
    }

    private PodResource pod(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name);
    }

    private void create(String name) {
        create(name, null);
    }

    private void create(String name, @Nullable String node) {
        client.pods()
                .inNamespace(NAMESPACE)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(LABELS)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .addNewContainer()
                        .withName("app")
                        .withImage("app")
                        .addNewPort()
                        .withContainerPort(8080)
                        .endPort()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void aPodIsCreatedFoundByItsLabelPatchedAndDeleted() {
        create("patched");

        pod("patched").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"pod\":\"merged\"}}}");
        assertThat(labelled("pod", "merged")).containsExactly("patched");
        pod("patched")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToAnnotations("note", "edited")
                        .endMetadata()
                        .build());
        assertThat(pod("patched").get().getMetadata().getAnnotations()).containsEntry("note", "edited");
        pod("patched").withGracePeriod(0).delete();
        assertThat(labelled("pod", "merged")).isEmpty();
    }

    private List<String> labelled(String key, String value) {
        return client.pods().inNamespace(NAMESPACE).withLabel(key, value).list().getItems().stream()
                .map(each -> each.getMetadata().getName())
                .toList();
    }

    @Test
    void anEphemeralContainerIsAdded() {
        create("debugged");

        pod("debugged")
                .ephemeralContainers()
                .edit(pod -> new PodBuilder(pod)
                        .editSpec()
                        .addToEphemeralContainers(new EphemeralContainerBuilder()
                                .withName("tcpdump")
                                .withImage("tcpdump")
                                .withTargetContainerName("app")
                                .build())
                        .endSpec()
                        .build());

        assertThat(pod("debugged").get().getSpec().getEphemeralContainers())
                .singleElement()
                .satisfies(each -> assertThat(each.getName()).isEqualTo("tcpdump"));
    }

    @Test
    void logsPortForwardAndProxyGoAsFarAsTheKubeletThatIsNotThere() throws IOException {
        create("scheduled", "nowhere");

        assertThatThrownBy(() ->
                        pod("scheduled").inContainer("app").tailingLines(10).getLog())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> client.raw("/api/v1/namespaces/" + NAMESPACE + "/pods/scheduled:8080/proxy/"))
                .isInstanceOf(KubernetesClientException.class);
        try (var forward = pod("scheduled").portForward(8080)) {
            assertThat(forward.getLocalPort()).isPositive();
        }
    }

    @Test
    void aWatchReportsANewPod() {
        var seen = new CopyOnWriteArrayList<String>();
        try (var _ = client.pods().inNamespace(NAMESPACE).watch(new Watcher<Pod>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                seen.add(action + " " + pod.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            create("watched");

            await().until(() -> seen.contains("ADDED watched"));
        }
    }

    @Test
    void aServiceAndAStatefulSetAreWrittenAndRead() {
        var service = new ServiceBuilder()
                .withNewMetadata()
                .withName("http-chunked")
                .endMetadata()
                .withNewSpec()
                .withSelector(LABELS)
                .addNewPort()
                .withPort(8080)
                .endPort()
                .endSpec()
                .build();
        client.services().inNamespace(NAMESPACE).resource(service).create();
        var set = new StatefulSetBuilder()
                .withNewMetadata()
                .withName("http-chunked")
                .endMetadata()
                .withNewSpec()
                .withServiceName("http-chunked")
                .withReplicas(1)
                .withNewSelector()
                .withMatchLabels(LABELS)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(LABELS)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        var sets = client.apps().statefulSets().inNamespace(NAMESPACE);
        sets.resource(set).create();

        sets.withName("http-chunked")
                .edit(each -> new StatefulSetBuilder(each)
                        .editSpec()
                        .withReplicas(3)
                        .endSpec()
                        .build());

        assertThat(sets.withName("http-chunked").get().getSpec().getReplicas()).isEqualTo(3);
        assertThat(client.services()
                        .inNamespace(NAMESPACE)
                        .withName("http-chunked")
                        .get()
                        .getSpec()
                        .getSelector())
                .isEqualTo(LABELS);
    }

    @Test
    void aLeaseIsWrittenAndRead() {
        var leases = client.leases().inNamespace(NAMESPACE);
        leases.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("leader")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("a_1")
                        .withRenewTime(ZonedDateTime.parse("2026-01-01T00:00:00Z"))
                        .endSpec()
                        .build())
                .create();

        assertThat(leases.withName("leader").get().getSpec().getHolderIdentity())
                .isEqualTo("a_1");
        assertThat(leases.list().getItems()).hasSize(1);
    }
}
