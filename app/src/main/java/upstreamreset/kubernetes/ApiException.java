// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

/** A failed call to the API server; the message is one sentence. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public ApiException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
