// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import upstreamreset.testing.KubeApiServer;

/**
 * Three real processes at 3/2/0.5 s, a fault a round: never two at work, always one again.
 *
 * <p>It waits more than it works, so it runs beside all others.
 */
@Tag("kube")
@Execution(ExecutionMode.CONCURRENT)
class ElectionRoundsIT {
    private static final Duration BUDGET = Duration.ofMinutes(4);
    private static final int ROUNDS = 42;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(3);

    private enum Fault {
        KILL,
        TERMINATE,
        FREEZE,
        API_FROZEN,
        API_KILLED,
        ETCD_RESTARTED
    }

    @TempDir
    private Path folder;

    private final ElectionCluster cluster = ElectionCluster.start();
    private final List<Candidate> all = new ArrayList<>();
    private final List<Candidate> running = new ArrayList<>();

    @AfterEach
    void stop() {
        all.forEach(Candidate::close);
        cluster.close();
    }

    private Candidate launch(String pod) {
        var candidate = Candidate.start(cluster, pod, cluster.pod(pod), folder, Map.of());
        all.add(candidate);
        running.add(candidate);
        return candidate;
    }

    @Test
    void noTwoWorkAtOnceAndOneAlwaysWorksAgain() {
        // Given
        for (int i = 0; i < 3; i++) {
            launch("http-chunked-" + i);
        }
        all.forEach(Candidate::url);
        awaitTick(Instant.EPOCH);
        // When
        var end = Instant.now().plus(BUDGET);
        int round = 0;
        for (; round < ROUNDS && Instant.now().isBefore(end); round++) {
            var fault = Fault.values()[round % Fault.values().length];
            suffer(fault);
            // Then
            assertThat(LoggedTerm.overlaps(LoggedTerm.of(all)))
                    .as("after %s in round %d", fault, round)
                    .isEmpty();
        }
        assertThat(round).as("rounds in %s", BUDGET).isGreaterThanOrEqualTo(Fault.values().length);
        System.out.println("ElectionRoundsIT: rounds: " + round + ", terms: "
                + LoggedTerm.of(all).size());
    }

    private void suffer(Fault fault) {
        var leader = leader();
        KubeApiServer server = cluster.server();
        switch (fault) {
            case KILL -> {
                leader.process().kill();
                running.remove(leader);
                var left = cluster.lease(".spec['holderIdentity','renewTime']").split(" ", 2);
                var next = awaitTick(Instant.now());
                // On a busy machine it may have lost its leadership before it was killed.
                if (left[0].startsWith(leader.name() + "_")) {
                    assertThat(next.starts().getLast())
                            .as("a killed leader's Lease is waited out")
                            .isGreaterThanOrEqualTo(
                                    Instant.parse(left[1]).plus(LEASE).toEpochMilli());
                }
                launch(leader.name()).url();
            }
            case TERMINATE -> {
                leader.process().signal("TERM");
                leader.process().awaitExit(30);
                running.remove(leader);
                awaitTick(Instant.now());
                launch(leader.name()).url();
            }
            case FREEZE -> {
                leader.process().signal("STOP");
                var frozen = Instant.now();
                await().atMost(SOON)
                        .until(() -> running.stream()
                                .filter(each -> each != leader)
                                .flatMap(each -> each.ticks().stream())
                                .anyMatch(tick -> tick > frozen.toEpochMilli()));
                int before = leader.ticks().size();
                leader.process().signal("CONT");
                await().atMost(SOON)
                        .until(() -> leader.times("Stopped being leader").size()
                                >= leader.starts().size());
                assertThat(leader.ticks()).as("ticks of the woken one").hasSize(before);
                awaitTick(Instant.now());
            }
            case API_FROZEN -> {
                server.apiServer().signal("STOP");
                awaitStopped(leader);
                server.apiServer().signal("CONT");
                server.awaitReady();
                awaitTick(Instant.now());
            }
            case API_KILLED -> {
                server.apiServer().kill();
                awaitStopped(leader);
                server.restartApiServer();
                awaitTick(Instant.now());
            }
            case ETCD_RESTARTED -> {
                server.restartEtcd();
                awaitTick(Instant.now());
            }
        }
    }

    private void awaitStopped(Candidate leader) {
        await(leader.name() + " to stop its work")
                .atMost(SOON)
                .until(() -> leader.times("Stopped leader loop").size()
                        >= leader.starts().size());
    }

    private Candidate leader() {
        return await().atMost(SOON).until(this::holder, each -> each != null);
    }

    private @org.jspecify.annotations.Nullable Candidate holder() {
        var holder = cluster.lease(".spec.holderIdentity");
        return running.stream()
                .filter(each -> holder.startsWith(each.name() + "_"))
                .findFirst()
                .orElse(null);
    }

    /** Waits until someone works after {@code since}; says who. */
    private Candidate awaitTick(Instant since) {
        return await("someone to work")
                .atMost(SOON)
                .until(
                        () -> running.stream()
                                .filter(each -> each.ticks().stream().anyMatch(tick -> tick > since.toEpochMilli()))
                                .findFirst()
                                .orElse(null),
                        each -> each != null);
    }
}
