// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    @Test
    void whatIsRemovedIsGoneAndTheRestIsFound() {
        var table = new ConnectionTable();
        var all = new ArrayList<TcpConnection>();
        for (int i = 0; i < 20_000; i++) {
            var connection = new TcpConnection(ends(i % 200, 7, i), true, StreamListener.NONE);
            table.add(connection);
            all.add(connection);
        }
        Collections.shuffle(all, new Random(8));
        all.subList(0, 10_000).forEach(table::remove);
        assertThat(table.size()).isEqualTo(10_000);
        for (int i = 0; i < all.size(); i++) {
            var each = all.get(i);
            assertThat(table.find(ends(each.aLow, 7, each.ports))).isSameAs(i < 10_000 ? null : each);
        }
    }

    @Test
    void theLineIsByLastPacket() {
        var table = new ConnectionTable();
        var all = new ArrayList<TcpConnection>();
        for (int i = 0; i < 3; i++) {
            all.add(new TcpConnection(ends(1, 2, i), true, StreamListener.NONE));
            table.add(all.get(i));
        }
        table.touched(all.get(0));
        table.touched(all.get(1));
        for (int expected : new int[] {2, 0, 1}) {
            assertThat(table.oldest()).isSameAs(all.get(expected));
            table.remove(all.get(expected));
        }
        assertThat(table.oldest()).isNull();
    }

    private static FlowKey ends(long a, long b, int ports) {
        var segment = new TcpSegment();
        segment.aLow = a;
        segment.bLow = b;
        segment.ports = ports;
        segment.hash = segment.mixed();
        return segment;
    }
}
