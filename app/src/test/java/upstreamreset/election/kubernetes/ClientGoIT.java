// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;

/** A candidate with client-go's own elector on the same Lease: each takes over what the other releases or loses. */
@Tag("kube")
class ClientGoIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private static Path program() {
        var set = System.getenv("CLIENT_GO_CANDIDATE");
        if (set == null || !Files.isExecutable(Path.of(set))) {
            throw RealParts.missing("client-go's candidate: CLIENT_GO_CANDIDATE is not set; scripts/test builds it");
        }
        return Path.of(set);
    }

    private SignalledProcess clientGo(ElectionCluster cluster) {
        return SignalledProcess.start(
                folder.resolve("client-go.log"),
                Map.of(),
                List.of(
                        program().toString(),
                        "--kubeconfig=" + cluster.kubeconfig("http-chunked-1"),
                        "--lease=" + ElectionCluster.LEASE,
                        "--identity=client-go_1",
                        "--lease-duration=3s",
                        "--renewal-deadline=2s",
                        "--retry-period=500ms"));
    }

    private static long count(SignalledProcess process, String word) throws IOException {
        try (var lines = Files.lines(process.log())) {
            return lines.filter(line -> line.endsWith(" " + word)).count();
        }
    }

    @Test
    void itTakesWhatOursReleasesAndOursTakesWhatItLoses() {
        var program = program();
        assertThat(program).isExecutable();
        try (var cluster = ElectionCluster.start()) {
            var uid = cluster.pod("http-chunked-0");
            cluster.pod("http-chunked-1");
            var first = Candidate.start(cluster, "http-chunked-0", uid, folder, Map.of());
            try (first) {
                first.awaitSaid("Performing leader tasks...", SOON);
                try (var theirs = clientGo(cluster)) {
                    await().atMost(SOON).until(() -> count(theirs, "LEADER http-chunked-0_" + uid) == 1);
                    first.process().signal("TERM");
                    await().atMost(SOON).until(() -> count(theirs, "START") == 1);

                    try (var second = Candidate.start(cluster, "http-chunked-0", uid, folder, Map.of())) {
                        second.awaitSaid("Leader is client-go", SOON);
                        theirs.kill();
                        second.awaitSaid("Became leader: http-chunked-0", SOON);
                    }
                }
            }
        }
    }
}
