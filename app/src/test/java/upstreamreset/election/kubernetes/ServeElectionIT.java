// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} beside its election: what it shows, what it says when something is not allowed or not there. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeElectionIT {
    private static final String POD = "http-chunked-0";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ElectionCluster cluster = ElectionCluster.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Candidate> candidates = new ArrayList<>();

    @TempDir
    private Path folder;

    private String uid = "";

    @BeforeEach
    void aFreshPod() {
        uid = cluster.pod(POD);
        cluster.server().run("delete", "lease", ElectionCluster.LEASE, "--ignore-not-found");
    }

    @AfterEach
    void endCandidates() {
        candidates.forEach(Candidate::close);
        candidates.clear();
        cluster.deletePod(POD);
    }

    @AfterAll
    void stop() {
        http.close();
        cluster.close();
    }

    private Candidate serve(Map<String, String> environment) {
        var candidate = Candidate.start(cluster, POD, uid, folder, environment);
        candidates.add(candidate);
        return candidate;
    }

    private String get(Candidate candidate, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create(candidate.url()).resolve(path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theLeaderLabelsItsPodTakesTheServiceTellsWhoLeadsAndMakesAnEvent() throws Exception {
        var candidate = serve(Map.of());
        candidate.awaitSaid("Service http-chunked-leader points at pod=" + POD, SOON);

        assertThat(cluster.server().run("get", "pod", POD, "-o", "jsonpath={.metadata.labels.pod}"))
                .isEqualTo(POD);
        assertThat(cluster.selector()).isEqualTo(POD);
        assertThat(get(candidate, "/"))
                .startsWith("{\"hostname\": \"" + POD + "\"")
                .contains("\"leader\": \"" + POD + "\"");
        assertThat(get(candidate, "/ready")).isEqualTo("ready\n");
        assertThat(get(candidate, "/health")).isEqualTo("healthy\n");
        assertThat(get(candidate, "/metrics"))
                .contains("leader_election_leading 1.0")
                .contains("leader_election_lease_transitions 1.0")
                .contains("leader_election_renewal_age_seconds ")
                .contains("leader_election_slow_renewals_total ");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(get(candidate, "/metrics"))
                        .contains("leader_mesh_checks_total{outcome=\"unreachable\",path=\"/wrong\"}"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                cluster.server().run("get", "events.events.k8s.io", "-o", "jsonpath={.items[*].note}"))
                        .contains(POD + " became leader"));
    }

    @Test
    void onSigtermItStopsItsWorkThenReleasesTheLeaseThenExitsCleanly() {
        var candidate = serve(Map.of());
        candidate.awaitSaid("Performing leader tasks...", SOON);

        candidate.process().signal("TERM");

        assertThat(candidate.process().awaitExit(30)).isZero();
        assertThat(candidate.log().stream().map(Candidate.Said::text))
                .containsSubsequence(
                        "Became leader: " + POD,
                        "Performing leader tasks...",
                        "Stopped leader loop",
                        "Stopped being leader",
                        "Lease http-chunked-leader released");
        assertThat(cluster.lease(".spec.holderIdentity")).isEmpty();
        assertThat(cluster.lease(".spec.leaseDurationSeconds")).isEqualTo("1");
    }

    @Test
    void aContainerThatRestartsInItsPodTakesItsOwnLeaseAtOnceUnderANewNumber() {
        var killed = serve(Map.of());
        killed.awaitSaid("Performing leader tasks...", SOON);
        killed.process().kill();
        var renewed = cluster.lease(".spec.renewTime");
        int transitions = Integer.parseInt(cluster.lease(".spec.leaseTransitions"));

        var restarted = serve(Map.of("LEASE_DURATION", "3600", "RENEWAL_DEADLINE", "20"));
        restarted.awaitSaid("Became leader: " + POD, SOON);

        assertThat(cluster.lease(".spec.leaseTransitions")).isEqualTo(Integer.toString(transitions + 1));
        assertThat(cluster.lease(".spec.acquireTime")).isGreaterThan(renewed);
    }

    @Test
    void withoutTheServiceItLeadsAllTheSameSaysSoAndTriesAgain() {
        var service = cluster.server().run("get", "service", ElectionCluster.LEASE, "-o", "yaml");
        cluster.server().run("delete", "service", ElectionCluster.LEASE);
        try {
            var candidate = serve(Map.of());
            candidate.awaitSaid("There is no Service http-chunked-leader to point at this Pod", SOON);
            candidate.awaitSaid("Performing leader tasks...", SOON);
        } finally {
            cluster.server()
                    .apply(service.replaceAll("(?m)^  (resourceVersion|uid|creationTimestamp):.*\\n", "")
                            .replaceAll("(?m)^  clusterIPs?:.*\\n(  - .*\\n)?", ""));
        }
        candidates.getLast().awaitSaid("Service http-chunked-leader points at pod=" + POD, SOON);
    }

    @Test
    void aMissingPermissionIsSaidByVerbAndResourceAndTheAppServesOn() throws Exception {
        var role = cluster.server().run("get", "role", "http-chunked", "-o", "yaml");
        cluster.server()
                .run(
                        "patch",
                        "role",
                        "http-chunked",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"replace\",\"path\":\"/rules/0/verbs\",\"value\":[\"get\",\"watch\"]}]");
        try {
            var candidate = serve(Map.of());
            candidate.awaitSaid(
                    "Not permitted to create leases.coordination.k8s.io/http-chunked-leader in namespace default",
                    SOON);

            assertThat(get(candidate, "/correct")).startsWith("Chunk\n");
            assertThat(get(candidate, "/ready")).isEqualTo("ready\n");
        } finally {
            cluster.server().apply(role.replaceAll("(?m)^  (resourceVersion|uid|creationTimestamp):.*\\n", ""));
        }
        candidates.getLast().awaitSaid("Became leader: " + POD, SOON);
    }

    @Test
    void aLabelThatIsRefusedIsSaidInOneLineAndTheElectionGoesOn() {
        cluster.pod("http-chunked-1");
        // The token of another Pod: the admission policy lets a Pod label only itself.
        var candidate =
                serve(Map.of("KUBECONFIG", cluster.kubeconfig("http-chunked-1").toString()));

        candidate.awaitSaid("The Pod is not labelled yet, so the leader's Service cannot select it", SOON);
        candidate.awaitSaid("Became leader: " + POD, SOON);
    }

    @Test
    void wrongSettingsInTheEnvironmentAreSaidInOneLineAndTheAppServes() throws Exception {
        var candidate = serve(Map.of("RENEWAL_DEADLINE", "3"));

        candidate.awaitSaid(
                "No election, only serving: The lease duration (3s) must be longer than the renewal deadline (3s)",
                SOON);
        assertThat(get(candidate, "/ready")).isEqualTo("ready\n");
    }

    @Test
    void withoutAClusterItSaysSoOnceAndLoadsNothingOfTheKubernetesClient() throws Exception {
        var classes = folder.resolve("classes.log");
        var candidate = serve(Map.of("KUBECONFIG", "", "JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes));

        candidate.awaitSaid("serving without an election", SOON);
        assertThat(get(candidate, "/")).contains("\"leader\": \"\"");
        assertThat(get(candidate, "/metrics")).contains("leader_election_leading 0.0");
        assertThat(Files.readString(classes))
                .contains("upstreamreset.server.AppServer")
                .doesNotContain("io.fabric8")
                .doesNotContain("tools.jackson");
    }
}
