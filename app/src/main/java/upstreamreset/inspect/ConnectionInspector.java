// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import org.jspecify.annotations.Nullable;
import upstreamreset.http1.RequestLine;
import upstreamreset.protocol.Recognition;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;

/**
 * Decides which protocol a connection carries, by the first bytes of both directions, and passes it on to that
 * protocol's reader. It looks through preambles (PROXY protocol, SOCKS) and into tunnels opened by CONNECT, and decides
 * the inner protocol again.
 *
 * <p>The first segment decides if it begins with a request line or a status line of HTTP/1; any other connection waits,
 * within bounds, for both sides. If the start of a connection is missing, nothing can be excluded: it is searched for
 * HTTP/1 unless its first lines belong to another protocol.
 */
final class ConnectionInspector implements StreamListener {
    private static final long EMPTY_BYTES = 200;
    private static final int MAX_LAYERS = 8;

    private final Inspection inspection;
    private final int stream;
    private final boolean fromItsStart;
    private final Endpoints endpoints;
    private final int layer;
    private final long serverStart;

    private boolean decided;
    /** The bytes that came before the decision; null if nothing had to wait. */
    private @Nullable Opening opening;

    private StreamListener reader = StreamListener.NONE;
    private @Nullable Http1Connection http1;
    private @Nullable Http2Connection http2;
    /** The connection after a preamble, or in the tunnel that {@link #http1} has opened. */
    private @Nullable StreamListener inside;

    /** Whether the client's bytes are not a readable request. */
    private boolean serverOnly;

    private String name = "";
    private boolean gap;

    ConnectionInspector(Inspection inspection, int stream, boolean fromItsStart, Endpoints endpoints) {
        this(inspection, stream, fromItsStart, endpoints, 0, 0);
    }

    /** For a conversation inside of {@code layer} others; {@code serverStart} bytes of the server preceded it. */
    private ConnectionInspector(
            Inspection inspection, int stream, boolean fromItsStart, Endpoints endpoints, int layer, long serverStart) {
        this.inspection = inspection;
        this.stream = stream;
        this.fromItsStart = fromItsStart;
        this.endpoints = endpoints;
        this.layer = layer;
        this.serverStart = serverStart;
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        if (decided) {
            read(direction, bytes, offset, length, arrival);
        } else if (opening == null && plain(direction, bytes, offset, offset + length)) {
            decided = true;
            begin(fromItsStart);
            read(direction, bytes, offset, length, arrival);
        } else {
            var opened = opening();
            opened.data(direction, bytes, offset, length, arrival);
            decide(opened, false);
        }
    }

    /** Keeps the bytes until the decision. */
    private Opening opening() {
        var opened = opening == null ? new Opening() : opening;
        opening = opened;
        return opened;
    }

    private void decided() {
        decided = true;
        opening = null;
    }

    private void read(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        if (inside != null) {
            inside.data(direction, bytes, offset, length, arrival);
            return;
        }
        if (serverOnly && direction == Direction.TO_SERVER) {
            return;
        }
        reader.data(direction, bytes, offset, length, arrival);
        if (http1 != null && direction == Direction.TO_CLIENT && http1.opened() && layer < MAX_LAYERS) {
            int behind = (int) Math.min(length, http1.tunnelled());
            // More than this segment has where the head was understood only now: the beginning is past.
            boolean whole = http1.tunnelled() <= length;
            inside = inside(http1, http1.received() - behind, whole);
            if (behind > 0) {
                inside.data(direction, bytes, offset + length - behind, behind, arrival);
            }
        }
    }

    /** The protocol in the tunnel of CONNECT is decided again; an upgrade to h2c names it. */
    private StreamListener inside(Http1Connection outside, long start, boolean whole) {
        var upgrade = outside.upgradedToHttp2();
        if (upgrade == null) {
            return new ConnectionInspector(inspection, stream, fromItsStart && whole, endpoints, layer + 1, start);
        }
        var upgraded = new Http2Connection(inspection, stream, whole, endpoints, start);
        upgraded.upgraded(upgrade);
        return upgraded;
    }

    /** Whether a first segment says enough alone. */
    private static boolean plain(Direction direction, byte[] bytes, int from, int to) {
        return direction == Direction.TO_SERVER
                ? RequestLine.of(bytes, from, to) == RequestLine.HTTP1
                : Recognition.beginsAsResponse(bytes, from, to);
    }

    private void decide(Opening opened, boolean over) {
        var recognised = opened.recognition(over);
        switch (recognised.kind()) {
            case UNDECIDED -> {}
            case PREAMBLE -> lookThrough(opened, recognised);
            case HTTP1 -> http1(opened);
            case TLS_TO_HTTP1 -> misdirected(opened, Misdirected.TLS);
            case HTTP2_TO_HTTP1 -> misdirected(opened, Misdirected.HTTP2);
            case UNREADABLE_REQUEST -> misdirected(opened, Misdirected.UNREADABLE);
            case HTTP2 -> http2(opened);
            case NOTHING -> named("");
            case OTHER -> other(opened, recognised.name());
        }
    }

    private void begin(boolean fromStart) {
        var connection = new Http1Connection(inspection, stream, fromStart, endpoints, serverStart);
        http1 = connection;
        reader = connection;
    }

    private void http1(Opening opened) {
        decided();
        begin(fromItsStart && !opened.hasGap());
        opened.replay(this, 0, 0);
    }

    private void lookThrough(Opening opened, Recognition preamble) {
        decided();
        if (layer == MAX_LAYERS) {
            name = "SOCKS or PROXY protocol, many times";
            return;
        }
        inside = new ConnectionInspector(
                inspection, stream, fromItsStart, endpoints, layer + 1, serverStart + preamble.server());
        opened.replay(inside, preamble.client(), preamble.server());
    }

    /** The server speaks HTTP/1, but its response is unreadable. */
    private void misdirected(Opening opened, Misdirected how) {
        if (!fromItsStart || opened.hasGap()) {
            http1(opened);
            return;
        }
        decided();
        begin(true);
        if (http1 != null) {
            http1.unreadable(opened.nanos(), how, how.finding(opened.client()));
        }
        serverOnly = true;
        opened.replay(this, 0, 0);
    }

    private void http2(Opening opened) {
        decided();
        name = Inspection.HTTP2;
        var connection =
                new Http2Connection(inspection, stream, fromItsStart && !opened.hasGap(), endpoints, serverStart);
        http2 = connection;
        reader = connection;
        opened.replay(this, 0, 0);
    }

    /** Frames of HTTP/2 are known by themselves where the preface may be missing, and no other protocol has its first bytes. */
    private void other(Opening opened, String protocol) {
        boolean begun = fromItsStart && !opened.hasGap() && opened.client().length() > 0;
        if (!begun && protocol.isEmpty() && opened.hasFrames()) {
            http2(opened);
            return;
        }
        name = protocol;
        if ((fromItsStart && !opened.hasGap()) || Recognition.certain(protocol)) {
            decided();
        } else {
            http1(opened);
        }
    }

    private void named(String protocol) {
        decided();
        name = protocol;
    }

    @Override
    public void again(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        if (decided) {
            (inside == null ? reader : inside).again(direction, bytes, offset, length, arrival);
        }
    }

    @Override
    public void gap(Direction direction, long length, Arrival arrival) {
        // One byte is a FIN or a keep-alive probe that was not captured.
        gap |= inside == null && length != 1;
        if (decided) {
            (inside == null ? reader : inside).gap(direction, length, arrival);
        } else {
            var opened = opening();
            opened.gap(direction, length, arrival);
            decide(opened, opened.hasBytes());
        }
    }

    @Override
    public void fin(Direction direction, Arrival arrival) {
        if (!decided) {
            opening().fin(direction, arrival);
            return;
        }
        reader.fin(direction, arrival);
        if (inside != null) {
            inside.fin(direction, arrival);
        }
    }

    @Override
    public void reset(Direction direction, Arrival arrival) {
        if (!decided) {
            opening().reset(direction, arrival);
            return;
        }
        reader.reset(direction, arrival);
        if (inside != null) {
            inside.reset(direction, arrival);
        }
    }

    @Override
    public void quiet() {
        reader.quiet();
        if (inside != null) {
            inside.quiet();
        }
    }

    @Override
    public void end() {
        ended();
        reader.end();
        if (inside != null) {
            inside.end();
        }
        count();
    }

    @Override
    public void replaced() {}

    @Override
    public void givenUp() {
        ended();
        reader.givenUp();
        if (inside != null) {
            inside.givenUp();
        }
        count();
    }

    private void ended() {
        if (!decided) {
            decide(opening(), true);
            decided();
        }
    }

    private void count() {
        boolean http = (http1 != null && http1.sawHttp()) || (http2 != null && http2.sawHttp());
        if (inside == null && !http) {
            inspection.spoke(name);
        }
        if (gap && (http || name.isEmpty() || name.equals(Inspection.HTTP2))) {
            inspection.readInPart();
        }
    }

    @Override
    public long held() {
        return EMPTY_BYTES
                + reader.held()
                + (opening == null ? 0 : opening.held())
                + (inside == null ? 0 : inside.held());
    }
}
