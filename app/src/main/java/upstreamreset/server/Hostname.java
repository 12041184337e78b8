// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine's name: in a Pod, the Pod's. */
public final class Hostname {
    private Hostname() {}

    public static String ours() {
        // Kubernetes and most shells export it; asking the resolver for our own name can take seconds.
        var exported = System.getenv("HOSTNAME");
        if (exported != null && !exported.isBlank()) {
            return exported;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
