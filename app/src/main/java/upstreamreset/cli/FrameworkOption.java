// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.Optional;
import upstreamreset.framework.Framework;

/** {@code --framework}: the server's framework, for servers that do not reveal it. */
final class FrameworkOption {
    private String name = "";

    void addTo(Syntax syntax) {
        syntax.option("--framework", "NAME", String.class, value -> name = value)
                .description("The server's framework, to print the lines to change: " + Framework.ids()
                        + ". Default: detected from the response.");
    }

    /** @throws IllegalArgumentException when there is none of this name */
    Optional<Framework> framework() {
        return name.isEmpty() ? Optional.empty() : Optional.of(Framework.named(name));
    }
}
