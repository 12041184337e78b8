// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import upstreamreset.capture.RelayBatch.Kind;

/** One connection on its way through a {@link Relay}: told on one thread, passed on to its listener on the other. */
final class RelayedStream implements StreamListener {
    private final Relay relay;
    private final int stream;
    private final boolean fromItsStart;
    private final Endpoints endpoints;
    private StreamListener listener = NONE;

    RelayedStream(Relay relay, int stream, boolean fromItsStart, Endpoints endpoints) {
        this.relay = relay;
        this.stream = stream;
        this.fromItsStart = fromItsStart;
        this.endpoints = endpoints;
    }

    /** Of the thread that tells, as {@link #listener}. */
    void open(StreamAssembler.Listeners listeners, long nanos) {
        listener = listeners.opened(stream, nanos, fromItsStart, endpoints);
    }

    StreamListener listener() {
        return listener;
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, long nanos) {
        relay.batch(length)
                .data(
                        direction == Direction.TO_SERVER ? Kind.TO_SERVER : Kind.TO_CLIENT,
                        this,
                        bytes,
                        offset,
                        length,
                        nanos);
    }

    @Override
    public void gap(Direction direction, long length, long nanos) {
        add(direction == Direction.TO_SERVER ? Kind.GAP_TO_SERVER : Kind.GAP_TO_CLIENT, length, nanos);
    }

    @Override
    public void fin(Direction direction, long nanos) {
        add(direction == Direction.TO_SERVER ? Kind.FIN_TO_SERVER : Kind.FIN_TO_CLIENT, 0, nanos);
    }

    @Override
    public void reset(Direction direction, long nanos) {
        add(direction == Direction.TO_SERVER ? Kind.RESET_TO_SERVER : Kind.RESET_TO_CLIENT, 0, nanos);
    }

    @Override
    public void end() {
        add(Kind.END, 0, 0);
    }

    @Override
    public void givenUp() {
        add(Kind.GIVEN_UP, 0, 0);
    }

    private void add(Kind kind, long length, long nanos) {
        relay.batch(0).add(kind, this, length, nanos);
    }
}
