// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;
import upstreamreset.http2.Preface;
import upstreamreset.scenario.Catalogue;
import upstreamreset.site.RecentAnswers;

/**
 * Sees a connection's first bytes before Undertow, which speaks only HTTP/1 here, and takes over the connection if they
 * begin HTTP/2's preface (RFC 9113 §3.4). Belongs to the connection's IO thread.
 */
final class Http2PrefaceConduit extends AbstractStreamSourceConduit<StreamSourceConduit> {
    /** Clients write the preface at once; fewer bytes may as well begin a method. */
    private static final int MIN_BYTES = 4;

    private final StreamConnection connection;
    private final ConnectionGuard guard;
    private final Catalogue catalogue;
    private final RecentAnswers answers;
    private boolean seen;

    private Http2PrefaceConduit(
            StreamConnection connection, ConnectionGuard guard, Catalogue catalogue, RecentAnswers answers) {
        super(connection.getSourceChannel().getConduit());
        this.connection = connection;
        this.guard = guard;
        this.catalogue = catalogue;
        this.answers = answers;
    }

    /** Lets a new connection's bytes come through here; before Undertow sees it. */
    static void install(
            StreamConnection connection, ConnectionGuard guard, Catalogue catalogue, RecentAnswers answers) {
        connection.getSourceChannel().setConduit(new Http2PrefaceConduit(connection, guard, catalogue, answers));
    }

    ConnectionGuard guard() {
        return guard;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int from = dst.position();
        int count = next.read(dst);
        if (seen || count <= 0) {
            return count;
        }
        seen = true;
        var first = dst.duplicate().flip().position(from);
        if (count < MIN_BYTES || !Preface.agrees(first)) {
            return count;
        }
        var bytes = new byte[first.remaining()];
        first.get(bytes);
        dst.position(from);
        // When Undertow has seen "nothing yet" and waits for more: from then on we are the ones who read.
        guard.speaksHttp2();
        connection
                .getIoThread()
                .execute(() ->
                        guard.run(() -> Http2ScenarioConnection.take(connection, guard, bytes, catalogue, answers)));
        return 0;
    }
}
