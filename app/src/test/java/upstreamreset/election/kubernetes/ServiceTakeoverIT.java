// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import upstreamreset.election.Leadership;
import upstreamreset.election.LeaseRecord;
import upstreamreset.election.Term;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;

/** A late ex-leader cannot take the Service back, wherever between its steps it was frozen. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceTakeoverIT {
    private final ElectionCluster cluster = ElectionCluster.start();
    private final KubeApi first = api("http-chunked-0");
    private final KubeApi second = api("http-chunked-1");

    private KubeApi api(String pod) {
        cluster.pod(pod);
        return cluster.api(pod);
    }

    @AfterAll
    void stop() {
        first.close();
        second.close();
        cluster.close();
    }

    @BeforeEach
    void nobodyHasLedYet() {
        cluster.server().run("delete", "lease", ElectionCluster.LEASE, "--ignore-not-found");
        cluster.server().run("delete", "service", ElectionCluster.LEASE, "--ignore-not-found");
        service();
    }

    private void service() {
        cluster.server().apply("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: http-chunked-leader, namespace: default}
                        spec: {ports: [{name: http, port: 80, targetPort: http}]}
                        """);
    }

    /** Takes the Lease for {@code holder}, however it stands. The leadership itself never ends: the fence must hold. */
    private Leadership acquire(String holder) {
        var store = new KubernetesLeaseStore(first, "default", ElectionCluster.LEASE);
        var now = Instant.now();
        try {
            var old = store.read();
            var record = old.isEmpty()
                    ? new LeaseRecord("", "", "", holder, 3, 1, now, now)
                    : new LeaseRecord(
                            old.get().uid(),
                            old.get().version(),
                            "",
                            holder,
                            3,
                            old.get().transitions() + 1,
                            now,
                            now);
            return new Leadership(Term.of(store.write(record)), () -> 0, 1);
        } catch (ApiException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ServiceTakeover takeover(KubeApi api, String hostname, ServiceTakeover.Pauses pauses) {
        return new ServiceTakeover(
                api,
                new KubernetesLeaseStore(api, "default", ElectionCluster.LEASE),
                "default",
                ElectionCluster.LEASE,
                hostname,
                pauses);
    }

    private static ServiceTakeover takeover(KubeApi api, String hostname) {
        return takeover(api, hostname, step -> {});
    }

    @Test
    void theLeaderPointsTheServiceAtItself() throws Exception {
        var leadership = acquire("http-chunked-0_u");

        assertThat(takeover(first, "http-chunked-0").attempt(leadership)).isEqualTo(ServiceTakeover.Result.OURS);
        assertThat(cluster.selector()).isEqualTo("http-chunked-0");
    }

    @ParameterizedTest
    @EnumSource
    void anExLeaderFrozenAfterThisStepCannotTakeItBack(ServiceTakeover.Step frozenAfter) throws Exception {
        var late = acquire("http-chunked-0_u");
        var frozen = takeover(first, "http-chunked-0", step -> {
            if (step == frozenAfter) {
                succeed("http-chunked-1_u", second, "http-chunked-1");
            }
        });

        attemptInVain(frozen, late);

        assertThat(cluster.selector()).isEqualTo("http-chunked-1");
    }

    @Test
    void anExLeaderFrozenBeforeItsFirstStepCannotTakeItBack() throws Exception {
        var late = acquire("http-chunked-0_u");
        succeed("http-chunked-1_u", second, "http-chunked-1");

        attemptInVain(takeover(first, "http-chunked-0"), late);

        assertThat(cluster.selector()).isEqualTo("http-chunked-1");
    }

    @ParameterizedTest
    @EnumSource
    void aDeletedLeaseThatCountsAnewDoesNotHelpTheExLeader(ServiceTakeover.Step frozenAfter) throws Exception {
        var late = acquire("http-chunked-0_u");
        var frozen = takeover(first, "http-chunked-0", step -> {
            if (step == frozenAfter) {
                cluster.server().run("delete", "lease", ElectionCluster.LEASE);
                // The same number again, of another Lease.
                succeed("http-chunked-1_u", second, "http-chunked-1");
            }
        });

        attemptInVain(frozen, late);

        assertThat(cluster.selector()).isEqualTo("http-chunked-1");
    }

    @ParameterizedTest
    @EnumSource
    void thePredecessorOfARestartedPodOfTheSameNameCannotWriteAfterIt(ServiceTakeover.Step frozenAfter)
            throws Exception {
        var late = acquire("http-chunked-0_old");
        takeover(first, "http-chunked-0").attempt(late);
        var fresh = new Leadership[1];
        // Someone has reset the selector, so that the predecessor wants to write again.
        cluster.server().run("patch", "service", ElectionCluster.LEASE, "-p", "{\"spec\":{\"selector\":null}}");
        var frozen = takeover(first, "http-chunked-0", step -> {
            if (step == frozenAfter) {
                fresh[0] = succeed("http-chunked-0_new", first, "http-chunked-0");
            }
        });

        attemptInVain(frozen, late);

        assertThat(cluster.server()
                        .run("get", "service", ElectionCluster.LEASE, "-o", "jsonpath={.metadata.annotations}"))
                .contains("/" + fresh[0].term().transitions() + "\"");
    }

    @Test
    void aRestartedPodOfTheSameNameWritesAlsoWhereTheSelectorIsRightAlready() throws Exception {
        takeover(first, "http-chunked-0").attempt(acquire("http-chunked-0_old"));
        var before = version();

        takeover(first, "http-chunked-0").attempt(acquire("http-chunked-0_new"));

        assertThat(version()).isNotEqualTo(before);
    }

    @Test
    void whatPointsHereAlreadyIsNotWrittenAgain() throws Exception {
        var leadership = acquire("http-chunked-0_u");
        takeover(first, "http-chunked-0").attempt(leadership);
        var before = version();

        assertThat(takeover(first, "http-chunked-0").attempt(leadership)).isEqualTo(ServiceTakeover.Result.OURS);
        assertThat(version()).isEqualTo(before);
    }

    @Test
    void aServiceThatIsNotThereIsSaidToBeMissing() throws Exception {
        var leadership = acquire("http-chunked-0_u");
        cluster.server().run("delete", "service", ElectionCluster.LEASE);

        assertThat(takeover(first, "http-chunked-0").attempt(leadership)).isEqualTo(ServiceTakeover.Result.MISSING);
    }

    private String version() {
        return cluster.server()
                .run("get", "service", ElectionCluster.LEASE, "-o", "jsonpath={.metadata.resourceVersion}");
    }

    private Leadership succeed(String identity, KubeApi api, String hostname) {
        var leadership = acquire(identity);
        try {
            assertThat(takeover(api, hostname).attempt(leadership)).isEqualTo(ServiceTakeover.Result.OURS);
        } catch (ApiException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return leadership;
    }

    /** Both are fine: it finds that it does not lead, or its write conflicts. */
    private static void attemptInVain(ServiceTakeover takeover, Leadership late) throws InterruptedException {
        try {
            assertThat(takeover.attempt(late)).isEqualTo(ServiceTakeover.Result.NOT_LEADER);
        } catch (ApiException e) {
            assertThat(e.failure().kind()).isEqualTo(Failure.Kind.CONFLICT);
        }
    }
}
