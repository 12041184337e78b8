// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** A call to the Lease store failed. */
public final class LeaseException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public LeaseException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
