// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;

/** A server could not be probed; the message is one sentence. */
public final class ProbeException extends IOException {
    private static final long serialVersionUID = 1L;

    ProbeException(String message, Throwable cause) {
        super(message, cause);
    }
}
