// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

/** A capture in a Pod is impossible; the message is one sentence that also says what was left there. */
public final class PodCaptureException extends Exception {
    private static final long serialVersionUID = 1;

    PodCaptureException(String message) {
        super(message);
    }
}
