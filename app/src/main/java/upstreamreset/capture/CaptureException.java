// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.IOException;

/** A capture file that cannot be read or written; the message is one sentence that names the file and what to do. */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1;

    CaptureException(String message) {
        super(message);
    }

    CaptureException(String message, IOException cause) {
        super(message, cause);
    }
}
