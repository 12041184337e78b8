// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.Optional;
import upstreamreset.framework.Framework;

/** {@code --framework}: the server's framework, for servers that do not reveal it. */
final class FrameworkOption {
    private String name = "";

    void addTo(Syntax syntax) {
        syntax.option("--framework", "NAME", String.class, value -> name = value)
                .description("What the server is made with, for the lines to change in it: " + Framework.ids()
                        + ". Default: what the response shows.");
    }

    /** @throws IllegalArgumentException when there is none of this name */
    Optional<Framework> framework() {
        return name.isEmpty() ? Optional.empty() : Optional.of(Framework.named(name));
    }
}
