// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.envoy.Sidecar;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.Mesh;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;

/**
 * What a scenario needs of the lab: who answers, and the sidecars in front of it. All that the app itself serves share one.
 *
 * @param origin who answers, where it is not the app
 * @param sidecars the app's, then the client's where there is one
 */
record ScenarioRoute(Optional<RawOrigin> origin, List<Sidecar> sidecars) {
    private static final String CLIENT = "client-of-";

    /** The station's name, and the listener of the app's sidecar. */
    static String name(Scenario scenario) {
        return switch (scenario.source()) {
            case Source.App _ -> Sidecar.INBOUND;
            case Source _ -> scenario.name();
        };
    }

    /** The app's own, behind {@code door}. */
    static ScenarioRoute ofApp(InetSocketAddress door, boolean clientSidecar) {
        var sidecars = new ArrayList<Sidecar>();
        sidecars.add(Sidecar.inbound(door));
        if (clientSidecar) {
            sidecars.add(Sidecar.outbound(Sidecar.INBOUND));
        }
        return new ScenarioRoute(Optional.empty(), sidecars);
    }

    /** The station of a scenario that an origin plays. Nobody's port gets no door: a tap would accept what it refuses. */
    static ScenarioRoute of(Scenario scenario, Tap tap, boolean clientSidecar) throws IOException {
        var origin = RawOrigin.of(scenario.source());
        var address = origin.address();
        if (!(scenario.source() instanceof Source.Nobody)) {
            var door = tap.door();
            door.passOnTo(address);
            address = door.address();
        }
        var sidecars = new ArrayList<Sidecar>();
        var mesh = scenario.mesh();
        sidecars.add(edited(Sidecar.inbound(address).named(scenario.name()), mesh.sidecar()));
        if (clientSidecar || mesh.client().isPresent()) {
            var client = Sidecar.outbound(scenario.name()).named(CLIENT + scenario.name());
            sidecars.add(edited(client, mesh.client().orElse(List.of())));
        }
        return new ScenarioRoute(Optional.of(origin), sidecars);
    }

    private static Sidecar edited(Sidecar sidecar, List<Mesh.Edit> edits) {
        var edited = sidecar;
        for (var edit : edits) {
            edited = edited.with(part(edit.part()), edit.mergePatch());
        }
        return edited;
    }

    private static Sidecar.Part part(Mesh.Part part) {
        return switch (part) {
            case LISTENER -> Sidecar.Part.LISTENER;
            case MANAGER -> Sidecar.Part.CONNECTION_MANAGER;
            case ROUTE -> Sidecar.Part.ROUTE;
            case CLUSTER -> Sidecar.Part.CLUSTER;
            case BOOTSTRAP -> Sidecar.Part.BOOTSTRAP;
        };
    }

    /** The listener that the client asks. */
    String entrance() {
        return sidecars.getLast().listener();
    }

    /** Whether what it needs of its Envoy would change what others see of theirs. */
    boolean needsOwnEnvoy() {
        return sidecars.stream()
                .flatMap(sidecar -> sidecar.edits().stream())
                .anyMatch(edit -> edit.part() == Sidecar.Part.BOOTSTRAP);
    }

    int hops() {
        return sidecars.size();
    }
}
