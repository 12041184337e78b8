// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the selected connections, and of those the part captured in the selected time, as if the capture began and
 * ended with it. Connections keep their numbers.
 */
public final class StreamSelection implements StreamListener.Factory {
    private static final long SECOND = 1_000_000_000L;

    private final Wanted wanted;
    private final StreamListener.Factory factory;
    private long from;
    private long to;
    private boolean started;
    private int selected;
    private int last = -1;

    /**
     * What is wanted; an empty set wants all.
     *
     * @param ports of either end
     * @param hosts addresses of either end
     * @param since when the wanted time begins
     * @param until when it ends
     */
    public record Wanted(
            Set<Integer> streams,
            Set<Integer> ports,
            Set<InetAddress> hosts,
            Optional<Moment> since,
            Optional<Moment> until) {
        public Wanted {
            streams = Set.copyOf(streams);
            ports = Set.copyOf(ports);
            hosts = Set.copyOf(hosts);
        }

        /** Whether that is everything. */
        public boolean all() {
            return streams.isEmpty() && ports.isEmpty() && hosts.isEmpty() && since.isEmpty() && until.isEmpty();
        }

        private boolean has(int stream, Endpoints ends) {
            return (streams.isEmpty() || streams.contains(stream))
                    && (ports.isEmpty() || ports.contains(ends.clientPort()) || ports.contains(ends.serverPort()))
                    && (hosts.isEmpty()
                            || hosts.contains(ends.client().getAddress())
                            || hosts.contains(ends.server().getAddress()));
        }
    }

    /** A point of time: nanoseconds since the epoch, or since the capture's first TCP packet. */
    public record Moment(long nanos, boolean relative) {}

    public StreamSelection(Wanted wanted, StreamListener.Factory factory) {
        this.wanted = wanted;
        this.factory = factory;
    }

    /** How many connections were passed on. */
    public int selected() {
        return selected;
    }

    @Override
    public StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints) {
        if (!started) {
            started = true;
            from = wanted.since().map(moment -> at(moment, nanos)).orElse(Long.MIN_VALUE);
            to = wanted.until().map(moment -> at(moment, nanos)).orElse(Long.MAX_VALUE);
        }
        if (!wanted.has(stream, endpoints)) {
            return StreamListener.NONE;
        }
        var selection = new Selected(stream, endpoints);
        if (nanos >= from && nanos <= to) {
            selection.open(nanos, fromItsStart);
        }
        return selection;
    }

    private static long at(Moment moment, long first) {
        return moment.relative() ? first + moment.nanos() : moment.nanos();
    }

    /** {@code text} is RFC 3339, or seconds since the first TCP packet. */
    public static Moment moment(String option, String text) {
        try {
            if (text.matches("[0-9]{1,9}([.][0-9]{1,9})?")) {
                return new Moment(new BigDecimal(text).movePointRight(9).longValueExact(), true);
            }
            var time = OffsetDateTime.parse(text).toInstant();
            return new Moment(Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano()), false);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    option + " is a time like 2026-11-22T20:00:00Z, or seconds since the first packet like 1.5; not '"
                            + text + "'",
                    e);
        }
    }

    private final class Selected implements StreamListener {
        private final int stream;
        private final Endpoints endpoints;
        private @Nullable StreamListener listener;

        Selected(int stream, Endpoints endpoints) {
            this.stream = stream;
            this.endpoints = endpoints;
        }

        private StreamListener open(long nanos, boolean fromItsStart) {
            var opened = factory.opened(stream, nanos, fromItsStart, endpoints);
            selected += stream == last ? 0 : 1;
            last = stream;
            listener = opened;
            return opened;
        }

        /** A packet's events, if it is within the selected time. */
        private StreamListener within(Arrival arrival) {
            if (arrival.nanos() < from || arrival.nanos() > to) {
                return StreamListener.NONE;
            }
            return listener == null ? open(arrival.nanos(), false) : listener;
        }

        @Override
        public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
            within(arrival).data(direction, bytes, offset, length, arrival);
        }

        @Override
        public void again(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
            within(arrival).again(direction, bytes, offset, length, arrival);
        }

        @Override
        public void gap(Direction direction, long length, Arrival arrival) {
            within(arrival).gap(direction, length, arrival);
        }

        @Override
        public void fin(Direction direction, Arrival arrival) {
            within(arrival).fin(direction, arrival);
        }

        @Override
        public void reset(Direction direction, Arrival arrival) {
            within(arrival).reset(direction, arrival);
        }

        @Override
        public void quiet() {
            if (listener != null) {
                listener.quiet();
            }
        }

        @Override
        public void end() {
            if (listener != null) {
                listener.end();
            }
        }

        @Override
        public void replaced() {
            if (listener != null) {
                listener.replaced();
            }
        }

        @Override
        public void givenUp() {
            if (listener != null) {
                listener.givenUp();
            }
        }

        @Override
        public long held() {
            return listener == null ? 0 : listener.held();
        }
    }
}
