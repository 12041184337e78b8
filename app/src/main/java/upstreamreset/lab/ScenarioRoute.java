// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.envoy.Sidecar;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.ConfigEdit;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;

/**
 * The path of a scenario through the lab: the origin, and the sidecars in front of it. All scenarios of the app share
 * one.
 *
 * @param origin plays the response; empty if the app serves it
 * @param sidecars the app's, then the client's if there is one
 */
record ScenarioRoute(Optional<RawOrigin> origin, List<Sidecar> sidecars) {
    private static final String CLIENT = "client-of-";

    /** The route's name, and the listener of the app's sidecar. */
    static String name(Scenario scenario) {
        return switch (scenario.source()) {
            case Source.App _ -> Sidecar.INBOUND;
            case Source _ -> scenario.name();
        };
    }

    /**
     * The route of a scenario: the app's own behind {@code app}, or that of an origin that plays it. A refusing origin gets no port
     * of the tap, which would accept.
     */
    static ScenarioRoute of(Scenario scenario, Tap.Port app, Tap tap, boolean clientSidecar) throws IOException {
        if (scenario.source() instanceof Source.App) {
            var sidecar = Sidecar.inbound(app.address());
            return new ScenarioRoute(
                    Optional.empty(),
                    clientSidecar ? List.of(sidecar, Sidecar.outbound(Sidecar.INBOUND)) : List.of(sidecar));
        }
        var origin = RawOrigin.of(scenario.source());
        var address = origin.address();
        if (!(scenario.source() instanceof Source.Nobody)) {
            var port = tap.port();
            port.passOnTo(address);
            address = port.address();
        }
        var sidecars = new ArrayList<Sidecar>();
        var mesh = scenario.mesh();
        sidecars.add(new Sidecar(scenario.name(), new Sidecar.App(address), mesh.sidecar()));
        if (clientSidecar || mesh.client().isPresent()) {
            var edits = mesh.client().orElse(List.of());
            sidecars.add(new Sidecar(CLIENT + scenario.name(), new Sidecar.Upstream(scenario.name()), edits));
        }
        return new ScenarioRoute(Optional.of(origin), sidecars);
    }

    /** The listener that the client asks. */
    String entrance() {
        return sidecars.getLast().listener();
    }

    /** Whether it changes the configuration of the whole Envoy, which other routes would notice. */
    boolean needsOwnEnvoy() {
        return sidecars.stream()
                .flatMap(sidecar -> sidecar.edits().stream())
                .anyMatch(edit -> edit.part() == ConfigEdit.Part.BOOTSTRAP);
    }

    boolean hasClientSidecar() {
        return sidecars.size() > 1;
    }

    /** How often an origin was asked; empty for the app, which does not count. */
    Optional<Integer> calls() {
        return origin.map(RawOrigin::calls);
    }
}
