// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A container of a Pod.
 *
 * @param init whether it stands among the init containers; with {@code always} it is a native sidecar then
 * @param state {@code running}, or why it is not: {@code CrashLoopBackOff}; empty if the kubelet has not reported it
 * @param started the time of its start; empty if it does not run
 */
public record Container(
        String name,
        String image,
        List<String> arguments,
        List<Port> ports,
        boolean init,
        boolean always,
        String state,
        Optional<Instant> started,
        int restarts) {
    public Container {
        arguments = List.copyOf(arguments);
        ports = List.copyOf(ports);
    }

    /** A port that the container declares; the name is empty if it has none. */
    public record Port(int number, String name) {}

    public boolean nativeSidecar() {
        return init && always;
    }

    /** Whether it is to run as long as the Pod does: it is no init container, or a native sidecar. */
    boolean lasting() {
        return !init || always;
    }

    public boolean running() {
        return state.equals("running");
    }

    /** The image's tag, where it has one. */
    public Optional<String> tag() {
        int at = image.indexOf('@');
        var name = at < 0 ? image : image.substring(0, at);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? Optional.of(name.substring(colon + 1)) : Optional.empty();
    }
}
