// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.net.InetSocketAddress;
import java.util.List;
import upstreamreset.scenario.ConfigEdit;

/**
 * One sidecar of a bootstrap, as data: its side, its name, the target of its requests, and a caller's edits to istiod's
 * configuration.
 */
public record Sidecar(String listener, Destination destination, List<ConfigEdit> edits) {
    /** The listener of the app's sidecar, as istiod names it. */
    public static final String INBOUND = "virtualInbound";

    /** The listener of the client's sidecar, as istiod names it. */
    public static final String OUTBOUND = "0.0.0.0_8080";

    /** The target of a sidecar's requests. */
    public sealed interface Destination {}

    /** The app itself: this is the app's sidecar. */
    public record App(InetSocketAddress address) implements Destination {}

    /**
     * Another sidecar of the same Envoy, by its listener: this is a client's sidecar.
     *
     * @param anyHost whether a request with any Host goes there; else only one with the name of the lab's app
     */
    public record Upstream(String listener, boolean anyHost) implements Destination {
        public Upstream(String listener) {
            this(listener, false);
        }
    }

    public Sidecar {
        edits = List.copyOf(edits);
    }

    /** The sidecar of the app at {@code app}. */
    public static Sidecar inbound(InetSocketAddress app) {
        return new Sidecar(INBOUND, new App(app), List.of());
    }

    /** A client's sidecar in front of the sidecar whose listener is {@code upstream}. */
    public static Sidecar outbound(String upstream) {
        return new Sidecar(OUTBOUND, new Upstream(upstream), List.of());
    }
}
