// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

import java.util.Optional;

/** A request that was heard on a connection, and when its head was whole. */
record HeardRequest(String method, String target, Optional<String> id, long nanos) {
    /** A response whose request was not captured. */
    static HeardRequest unknown(long nanos) {
        return new HeardRequest("?", "?", Optional.empty(), nanos);
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return 150L + target.length() + id.map(String::length).orElse(0);
    }

    JudgedResponse.Request request() {
        return new JudgedResponse.Request(method, target, id);
    }
}
