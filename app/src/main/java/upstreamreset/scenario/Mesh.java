// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import java.util.Optional;

/**
 * The proxies that a scenario needs, as changes to istiod's configuration.
 *
 * @param sidecar changes to the app's sidecar
 * @param client changes to the client's sidecar; empty when no client's sidecar is needed
 */
public record Mesh(List<ConfigEdit> sidecar, Optional<List<ConfigEdit>> client) {
    public Mesh {
        sidecar = List.copyOf(sidecar);
        client = client.map(List::copyOf);
    }
}
