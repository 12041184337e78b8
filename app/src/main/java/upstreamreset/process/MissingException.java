// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.IOException;

/** A recipient is not installed, or does not run here; the message is one sentence that says which and why. */
public final class MissingException extends IOException {
    private static final long serialVersionUID = 1;

    public MissingException(String message) {
        super(message);
    }
}
