// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

/** A TARGET selects no Pod; the message is one sentence. */
public final class NoSuchPodException extends Exception {
    private static final long serialVersionUID = 1;

    NoSuchPodException(String message) {
        super(message);
    }
}
