// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.tcp.Transcript;
import upstreamreset.testing.RealParts;

/** Whether tshark takes the same layers off the same packets. */
class LayersIT {
    private static final String EXPECTED = "10.0.0.1:40000>10.0.0.2:8080 >ask <answer fin< fin> end";

    /** What tshark 4.0 takes off only where it is told to: Ethernet in MPLS, and tags directly in GRE or HDLC. */
    private static final Pattern UNTOLD =
            Pattern.compile("pseudo-wire|link 104 > (VLAN|PPPoE)|GRE( with all)? > (VLAN|PPPoE)");

    @TempDir
    Path folder;

    @Test
    void tsharkReadsTheSameBytesInEachNest() throws Exception {
        var packets = CaptureFiles.exchange("ask", "answer");
        for (int seed = 0; seed < 40; seed++) {
            var nest = PacketNest.random(new Random(seed));
            if (UNTOLD.matcher(nest.toString()).find()) {
                continue;
            }
            var file = nest.file(packets);
            assertThat(Transcript.of(file)).containsExactly(EXPECTED);
            assertThat(tshark(Files.write(folder.resolve("nest.pcap"), file)))
                    .as("%d: %s", seed, nest)
                    .isEqualTo("3\t0\t61736b\n4\t0\t616e73776572\n");
        }
    }

    private String tshark(Path file) throws Exception {
        var command = new ArrayList<>(List.of(RealParts.program("tshark").toString(), "-r", file.toString()));
        command.addAll(List.of("-Y", "tcp.payload", "-T", "fields"));
        command.addAll(List.of("-e", "frame.number", "-e", "tcp.stream", "-e", "tcp.payload"));
        var out = folder.resolve("tshark.out");
        var process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("tshark.err").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out);
    }
}
