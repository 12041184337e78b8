// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.RequestHead;
import upstreamreset.http1.RequestReader;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.wire.Bytes;

/** A request that was heard on a connection, and when its head was whole. */
sealed interface SeenRequest {
    /** When its head was whole. */
    long nanos();

    /** What of it decides how its response is read, and what people know it by. */
    Read read();

    /** Whether its method leaves the response a body. */
    boolean leavesBody();

    /** About how much memory it takes, in bytes. */
    long held();

    /** A response whose request was not captured. */
    static SeenRequest unknown(long nanos) {
        return new Read(RequestContext.of("?"), "?", Optional.empty(), nanos);
    }

    /** One whose head was read. */
    record Read(RequestContext context, String target, Optional<String> id, long nanos) implements SeenRequest {
        static Read of(RequestHead head, long nanos) {
            return new Read(head.context(), head.target(), head.field("x-request-id"), nanos);
        }

        JudgedResponse.Request request() {
            return new JudgedResponse.Request(context.method(), target, id);
        }

        @Override
        public Read read() {
            return this;
        }

        @Override
        public boolean leavesBody() {
            return !context.method().equals("HEAD") && !context.method().equals("CONNECT");
        }

        @Override
        public long held() {
            return 150L + target.length() + id.map(String::length).orElse(0);
        }
    }

    /** One that {@link PlainRequest} knows: read if somebody asks, which nobody does when its response is plain too. */
    record Plain(Bytes head, long nanos) implements SeenRequest {
        @Override
        public boolean leavesBody() {
            return true;
        }

        @Override
        public long held() {
            return 100L + head.length();
        }

        @Override
        public Read read() {
            var reader = new RequestReader();
            reader.feed(head.toArray(), 0, head.length());
            return Read.of(reader.head().orElseThrow(), nanos);
        }
    }
}
