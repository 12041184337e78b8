// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;

/**
 * The end of a gRPC call, from its server's {@code grpc-status} and {@code grpc-message}.
 *
 * @param name {@code UNAVAILABLE}; empty if gRPC has no name for the code
 */
record GrpcStatus(int code, String name, String message) {
    private static final String[] NAMES = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED"
    };
    private static final int MAX_DIGITS = 9;

    /** From the two fields; empty if the first is missing or no number. */
    static Optional<GrpcStatus> of(String status, String message) {
        if (status.isEmpty() || status.length() > MAX_DIGITS || !status.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int code = Integer.parseInt(status);
        return Optional.of(new GrpcStatus(code, code < NAMES.length ? NAMES[code] : "", message));
    }

    /** For example {@code grpc-status: 14 (UNAVAILABLE), grpc-message: connection refused}. */
    String text() {
        return "grpc-status: " + code + (name.isEmpty() ? "" : " (" + name + ")")
                + (message.isEmpty() ? "" : ", grpc-message: " + message);
    }
}
