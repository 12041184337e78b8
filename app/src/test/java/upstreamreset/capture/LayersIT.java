// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.tcp.Transcript;
import upstreamreset.testing.Tshark;

/** Whether tshark takes the same layers off the same packets. */
class LayersIT {
    private static final String EXPECTED = "10.0.0.1:40000>10.0.0.2:8080 >ask <answer fin< fin> end";

    /** What tshark 4.0 takes off only where it is told to: Ethernet in MPLS, and tags directly in GRE or HDLC; and ARCNET, never. */
    private static final Pattern UNTOLD =
            Pattern.compile("pseudo-wire|link 129|link 104 > (VLAN|PPPoE)|GRE( with all| in UDP)? > (VLAN|PPPoE)");

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
            assertThat(Tshark.of(
                            Files.write(folder.resolve("nest.pcap"), file),
                            "-Y",
                            "tcp.payload",
                            "-T",
                            "fields",
                            "-e",
                            "frame.number",
                            "-e",
                            "tcp.stream",
                            "-e",
                            "tcp.payload"))
                    .as("%d: %s", seed, nest)
                    .isEqualTo("3\t0\t61736b\n4\t0\t616e73776572\n");
        }
    }
}
