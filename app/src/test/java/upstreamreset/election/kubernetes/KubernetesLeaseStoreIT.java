// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import upstreamreset.election.LeaseRecord;
import upstreamreset.election.LeaseStore;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;

/** The store's promises, kept by a real API server to the shipped Role. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesLeaseStoreIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.000001Z");

    private final ElectionCluster cluster = ElectionCluster.start();
    private final KubeApi api = api();
    private final LeaseStore store = new KubernetesLeaseStore(api, "default", ElectionCluster.LEASE);

    private KubeApi api() {
        cluster.pod("http-chunked-0");
        return cluster.api("http-chunked-0");
    }

    @AfterEach
    void deleteTheLease() {
        cluster.server().run("delete", "lease", ElectionCluster.LEASE, "--ignore-not-found");
    }

    @AfterAll
    void stop() {
        api.close();
        cluster.close();
    }

    private static LeaseRecord fresh(String holder) {
        return new LeaseRecord("", "", "", holder, 15, 1, NOW, NOW);
    }

    private static LeaseRecord renewed(LeaseRecord record, Instant at) {
        return new LeaseRecord(
                record.uid(),
                record.version(),
                record.metadata(),
                record.holder(),
                record.durationSeconds(),
                record.transitions(),
                record.acquireTime(),
                at);
    }

    private static Failure.Kind kind(Throwable e) {
        return ((ApiException) e).failure().kind();
    }

    @Test
    void whatWasWrittenIsRead() throws Exception {
        assertThat(store.read()).isEmpty();

        var written = store.write(fresh("a_1"));

        assertThat(store.read()).contains(written);
        assertThat(written)
                .extracting(LeaseRecord::holder, LeaseRecord::durationSeconds, LeaseRecord::transitions)
                .containsExactly("a_1", 15, 1);
        assertThat(written.renewTime()).isEqualTo(NOW);
    }

    @Test
    void ofTwoCreatorsTheSecondHasAConflict() throws Exception {
        store.write(fresh("a_1"));

        assertThatThrownBy(() -> store.write(fresh("b_1")))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void aVersionThatHasChangedIsAConflict() throws Exception {
        var first = store.write(fresh("a_1"));
        store.write(renewed(first, NOW.plusSeconds(1)));

        assertThatThrownBy(() -> store.write(renewed(first, NOW.plusSeconds(2))))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void aDeletedLeaseIsNotMadeAnewByItsHoldersRenewal() throws Exception {
        var first = store.write(fresh("a_1"));
        deleteTheLease();

        assertThatThrownBy(() -> store.write(renewed(first, NOW.plusSeconds(1))))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Failure.Kind.CONFLICT));
        assertThat(store.read()).isEmpty();
    }

    @Test
    void aLeaseThatWasDeletedAndMadeAnewIsNotItsHolders() throws Exception {
        var first = store.write(fresh("a_1"));
        deleteTheLease();
        store.write(fresh("b_1"));

        assertThatThrownBy(() -> store.write(renewed(first, NOW.plusSeconds(1))))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void othersLabelsAndAnnotationsSurviveARenewal() throws Exception {
        store.write(fresh("a_1"));
        cluster.server().run("label", "lease", ElectionCluster.LEASE, "mine=yes");
        cluster.server().run("annotate", "lease", ElectionCluster.LEASE, "note=kept");

        store.write(renewed(store.read().orElseThrow(), NOW.plusSeconds(1)));

        assertThat(cluster.lease(".metadata.labels.mine")).isEqualTo("yes");
        assertThat(cluster.lease(".metadata.annotations.note")).isEqualTo("kept");
    }

    @Test
    void aReleaseLeavesNoHolderAndOneSecond() throws Exception {
        var held = store.write(fresh("a_1"));

        store.write(new LeaseRecord(held.uid(), held.version(), held.metadata(), "", 1, 1, NOW, NOW));

        assertThat(store.read().orElseThrow().released()).isTrue();
    }

    @Test
    void aLeaseWithoutSpecIsOneThatNobodyHoldsOrReleased() throws Exception {
        cluster.server().apply("""
                        apiVersion: coordination.k8s.io/v1
                        kind: Lease
                        metadata: {name: http-chunked-leader, namespace: default}
                        """);

        var read = store.read().orElseThrow();

        assertThat(read.holder()).isEmpty();
        assertThat(read.released()).isFalse();
        assertThat(store.write(new LeaseRecord(read.uid(), read.version(), read.metadata(), "a_1", 15, 1, NOW, NOW))
                        .holder())
                .isEqualTo("a_1");
    }

    @Test
    void aWatchTellsEveryChangeInOrder() throws Exception {
        var told = new CopyOnWriteArrayList<String>();
        var watch = store.watch("", new Recorder(told));
        try {
            var first = store.write(fresh("a_1"));
            store.write(renewed(first, NOW.plusSeconds(1)));
            deleteTheLease();

            await().untilAsserted(() -> assertThat(told).containsExactly("a_1", "a_1", "deleted"));
        } finally {
            watch.close();
        }
    }

    @Test
    void aWatchGoesOnFromAVersion() throws Exception {
        var told = new CopyOnWriteArrayList<String>();
        var first = store.write(fresh("a_1"));
        store.write(renewed(first, NOW.plusSeconds(1)));

        var watch = store.watch(first.version(), new Recorder(told));
        try {
            await().untilAsserted(() -> assertThat(told).containsExactly("a_1"));
        } finally {
            watch.close();
        }
    }

    @Test
    void aWatchEndsWithTheApiServersConnection() throws Exception {
        try (var other = ElectionCluster.start()) {
            other.pod("http-chunked-0");
            var told = new CopyOnWriteArrayList<String>();
            try (var itsApi = other.api("http-chunked-0")) {
                var watch = new KubernetesLeaseStore(itsApi, "default", ElectionCluster.LEASE)
                        .watch("", new Recorder(told));
                other.server().apiServer().kill();

                await().untilAsserted(() -> assertThat(told).containsExactly("closed"));
                watch.close();
            }
        }
    }

    @Test
    void aMissingPermissionNamesTheVerbAndTheResource() {
        var another = new KubernetesLeaseStore(api, "default", "another");

        assertThatThrownBy(another::read)
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Failure.Kind.FORBIDDEN))
                .hasMessageStartingWith(
                        "Not permitted to get leases.coordination.k8s.io/another in namespace default: the"
                                + " Role must allow that verb on that resource.");
    }

    private record Recorder(List<String> told) implements LeaseStore.Watcher {
        @Override
        public void seen(LeaseRecord record) {
            told.add(record.holder());
        }

        @Override
        public void deleted(String version) {
            told.add("deleted");
        }

        @Override
        public void closed(boolean expired) {
            told.add(expired ? "expired" : "closed");
        }
    }
}
