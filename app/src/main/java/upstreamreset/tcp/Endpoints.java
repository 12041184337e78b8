// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/** The two ends of a connection. Addresses are two longs each, an IPv4 address the lower half of the second. */
public record Endpoints(
        long clientHigh, long clientLow, int clientPort, long serverHigh, long serverLow, int serverPort) {
    /** The same from socket addresses. */
    public static Endpoints of(InetSocketAddress client, InetSocketAddress server) {
        var ends = ByteBuffer.allocate(32).put(padded(client)).put(padded(server));
        return new Endpoints(
                ends.getLong(0),
                ends.getLong(8),
                client.getPort(),
                ends.getLong(16),
                ends.getLong(24),
                server.getPort());
    }

    /** Those of a segment. */
    static Endpoints of(FlowKey ends, boolean clientIsA) {
        int a = ends.ports >>> 16;
        int b = ends.ports & 0xFFFF;
        return clientIsA
                ? new Endpoints(ends.aHigh, ends.aLow, a, ends.bHigh, ends.bLow, b)
                : new Endpoints(ends.bHigh, ends.bLow, b, ends.aHigh, ends.aLow, a);
    }

    private static byte[] padded(InetSocketAddress endpoint) {
        var address = endpoint.getAddress().getAddress();
        var padded = new byte[16];
        System.arraycopy(address, 0, padded, 16 - address.length, address.length);
        return padded;
    }

    /** The client as text, for example {@code 127.0.0.1:40000} or {@code [::1]:40000}. */
    public String clientText() {
        return text(clientHigh, clientLow, clientPort);
    }

    /** The server as text. */
    public String serverText() {
        return text(serverHigh, serverLow, serverPort);
    }

    public InetSocketAddress client() {
        return new InetSocketAddress(address(clientHigh, clientLow), clientPort);
    }

    public InetSocketAddress server() {
        return new InetSocketAddress(address(serverHigh, serverLow), serverPort);
    }

    private static String text(long high, long low, int port) {
        return v4(high, low)
                ? (low >>> 24) + "." + (low >>> 16 & 0xFF) + "." + (low >>> 8 & 0xFF) + "." + (low & 0xFF) + ":" + port
                : text(new InetSocketAddress(address(high, low), port));
    }

    /** The unspecified address and the loopback one of IPv6 are small numbers too. */
    private static boolean v4(long high, long low) {
        return high == 0 && low >>> 32 == 0 && low > 1;
    }

    /** For example {@code 127.0.0.1:40000} or {@code [::1]:40000}. */
    public static String text(InetSocketAddress endpoint) {
        var address = endpoint.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + shortened(address) + "]" : address) + ":" + endpoint.getPort();
    }

    /** The longest run of groups that are 0, the first of several, as {@code ::} (RFC 5952 §4.2). */
    private static String shortened(String address) {
        var groups = address.split(":");
        int begin = 0;
        int length = 1;
        for (int from = 0; from < groups.length; from++) {
            int to = from;
            while (to < groups.length && groups[to].equals("0")) {
                to++;
            }
            if (to - from > length) {
                begin = from;
                length = to - from;
            }
        }
        if (length == 1) {
            return address;
        }
        var all = List.of(groups);
        return String.join(":", all.subList(0, begin)) + "::"
                + String.join(":", all.subList(begin + length, groups.length));
    }

    private static InetAddress address(long high, long low) {
        try {
            return InetAddress.getByAddress(
                    v4(high, low)
                            ? ByteBuffer.allocate(4).putInt((int) low).array()
                            : ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 and 16 are the lengths that there are
        }
    }
}
