// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Envoy could not be found, installed, started or asked; the message is one sentence and says what to do. */
public final class EnvoyException extends IOException {
    private static final long serialVersionUID = 1;

    public EnvoyException(String message) {
        this(message, null);
    }

    public EnvoyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
