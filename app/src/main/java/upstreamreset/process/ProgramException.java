// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.IOException;

/**
 * A program is missing, did not end in time, or failed; the message is one sentence that says which program and how.
 */
public final class ProgramException extends IOException {
    private static final long serialVersionUID = 1;

    public ProgramException(String message) {
        super(message);
    }
}
