// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

import java.util.Optional;
import upstreamreset.framing.Asked;

/** A request that was heard on a connection, and when its head was whole. */
record HeardRequest(Asked asked, String target, Optional<String> id, long nanos) {
    /** A response whose request was not captured. */
    static HeardRequest unknown(long nanos) {
        return new HeardRequest(Asked.of("?"), "?", Optional.empty(), nanos);
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return 150L + target.length() + id.map(String::length).orElse(0);
    }

    String method() {
        return asked.method();
    }

    JudgedResponse.Request request() {
        return new JudgedResponse.Request(method(), target, id);
    }
}
