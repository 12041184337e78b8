// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import upstreamreset.http1.RequestReader;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;

/** Decides which protocol a connection carries, and passes it on to the one that reads that protocol. */
final class ConnectionInspector implements StreamListener {
    private final Inspection inspection;
    private final boolean fromItsStart;
    private final Http1Connection http1;
    private ClientProtocol protocol = ClientProtocol.UNKNOWN;

    ConnectionInspector(Inspection inspection, int stream, boolean fromItsStart, Endpoints endpoints) {
        this.inspection = inspection;
        this.fromItsStart = fromItsStart;
        this.http1 = new Http1Connection(inspection, stream, fromItsStart, endpoints);
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        boolean client = direction == Direction.TO_SERVER;
        if (client
                && protocol == ClientProtocol.UNKNOWN
                && (fromItsStart || RequestReader.beginsWithMethod(bytes, offset, offset + length))) {
            protocol = ClientProtocol.of(bytes, offset, offset + length);
        }
        if (protocol == ClientProtocol.HTTP1 || (!client && protocol == ClientProtocol.UNKNOWN)) {
            http1.data(direction, bytes, offset, length, arrival);
            if (http1.requestsNotCaptured()) {
                protocol = ClientProtocol.HTTP1;
            }
        }
    }

    @Override
    public void gap(Direction direction, long length, Arrival arrival) {
        http1.gap(direction, length, arrival);
    }

    @Override
    public void fin(Direction direction, Arrival arrival) {
        http1.fin(direction, arrival);
    }

    @Override
    public void reset(Direction direction, Arrival arrival) {
        http1.reset(direction, arrival);
    }

    @Override
    public void end() {
        http1.end();
        inspection.spoke(http1.requestsNotCaptured() ? ClientProtocol.HTTP1 : protocol);
    }

    @Override
    public void givenUp() {
        http1.givenUp();
        inspection.spoke(http1.requestsNotCaptured() ? ClientProtocol.HTTP1 : protocol);
    }

    @Override
    public long held() {
        return http1.held();
    }
}
