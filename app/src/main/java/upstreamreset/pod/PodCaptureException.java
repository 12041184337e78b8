// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

/** No capture can be made in a Pod; the message is one sentence, which also says what was left there. */
public final class PodCaptureException extends Exception {
    private static final long serialVersionUID = 1;

    PodCaptureException(String message) {
        super(message);
    }
}
