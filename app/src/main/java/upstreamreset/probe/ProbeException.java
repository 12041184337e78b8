// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;

/** A server could not be probed; the message is one sentence. */
public final class ProbeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean perhapsLater;

    ProbeException(String message, Throwable cause) {
        this(message, cause, false);
    }

    ProbeException(String message, Throwable cause, boolean perhapsLater) {
        super(message, cause);
        this.perhapsLater = perhapsLater;
    }

    /** Whether a server that starts looks like this: nobody listens yet. */
    boolean perhapsLater() {
        return perhapsLater;
    }
}
