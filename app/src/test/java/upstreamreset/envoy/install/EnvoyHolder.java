// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;

/** The main class of a JVM that holds an Envoy until a test ends that JVM in some way. */
public final class EnvoyHolder {
    private EnvoyHolder() {}

    public static void main(String[] args) throws Exception {
        var app = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        var envoy = EnvoyProcess.start(new EnvoyBinary(Path.of(args[0]), "1.40.0"), EnvoyBootstrap.inbound(app));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                System.out.println("last message: ready " + envoy.admin().ready());
            } catch (IOException e) {
                System.out.println("last message: " + e);
            }
        }));
        System.out.println(
                "holding " + envoy.process().pid() + " " + envoy.process().guardPid() + " " + envoy.folder());
        if (System.in.read() == 'h') {
            Runtime.getRuntime().halt(3);
        }
        throw new IllegalStateException("nobody ended this JVM");
    }
}
