// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import upstreamreset.codec.EnvoyCodec;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.protocol.FirstBytes;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** A response whose bytes both the rules and the model of Envoy's codec read. */
final class ReadResponse implements ResponseTrack.State {
    private final ResponseReader reader;
    private final EnvoyCodec codec;
    /** Whether the model does not know where it is. */
    private boolean astray;

    /** Kept to see whether others were sent in their place. */
    private final FirstBytes first = new FirstBytes();

    /** Whether bytes are missing between the kept bytes and the next ones. */
    private boolean holed;

    ReadResponse(String envoyVersion, RequestContext context) {
        reader = new ResponseReader(context, 0);
        codec = new EnvoyCodec(envoyVersion, context);
    }

    /** Takes the next bytes; returns how many belong to it. */
    int feed(byte[] bytes, int from, int to) {
        int taken = reader.feed(bytes, from, to - from);
        if (!holed) {
            first.add(bytes, from, from + taken);
        }
        codec.dispatch(bytes, from, taken);
        return taken;
    }

    @Override
    public boolean differs(byte[] bytes, int from, int length, long at) {
        return differ(first.bytes(), first.length(), bytes, from, length, at);
    }

    /** Whether {@code length} bytes of a message from {@code at} on are others than the {@code known} first ones that are kept of it. */
    static boolean differ(byte[] first, int known, byte[] bytes, int from, int length, long at) {
        for (int i = (int) Math.max(0, Math.min(length, -at)); i < length && at + i < known; i++) {
            if (bytes[from + i] != first[(int) at + i]) {
                return true;
            }
        }
        return false;
    }

    /** Passes over missing bytes, as far as they are data of its body; returns how many that were. */
    long skip(long missing) {
        long skipped = reader.skip(missing);
        holed = true;
        astray |= skipped > 0 && !codec.skip(skipped);
        return skipped;
    }

    /** Takes bytes after its end that answer no request. */
    void surplus(byte[] bytes) {
        reader.surplus(bytes, 0, bytes.length);
        codec.dispatch(bytes, 0, bytes.length);
    }

    @Override
    public boolean complete() {
        return reader.done();
    }

    boolean tunnel() {
        return reader.tunnel();
    }

    /** Whether it switches to this protocol. */
    boolean upgrades(String protocol) {
        return reader.upgrades(protocol);
    }

    @Override
    public boolean headAlone() {
        return reader.headAlone();
    }

    /** How many bytes came behind its head. */
    long bodyLength() {
        return reader.bodyLength();
    }

    FramingReport finish(CloseReason end) {
        return reader.finish(end);
    }

    Verdict verdict(CloseReason end) {
        var verdict = codec.verdict(end);
        return astray ? unknown(verdict) : verdict;
    }

    /** The same where the bytes do not decide. */
    static Verdict unknown(Verdict verdict) {
        return new Verdict(Outcome.UNKNOWN, verdict.status(), "-", "", "", verdict.version());
    }

    @Override
    public long held() {
        return first.held() + reader.held() + codec.held();
    }
}
