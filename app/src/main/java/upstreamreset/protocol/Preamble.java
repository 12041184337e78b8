// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

/**
 * Finds the beginning of a conversation after its client's preamble to a proxy: the PROXY protocol's header (versions 1
 * and 2), SOCKS 4, 4a or 5 (RFC 1928, RFC 1929). It is consumed only as far as both sides agreed.
 *
 * @param client how many of the client's bytes it takes
 * @param server how many of the server's bytes it takes
 */
record Preamble(State state, int client, int server) {
    enum State {
        NONE,
        /** It has begun, and is not whole. */
        BEGUN,
        WHOLE
    }

    private static final String PROXY_1 = "PROXY ";
    private static final String PROXY_2 = "\r\n\r\n\u0000\r\nQUIT\n";
    private static final int MAX_PROXY_1 = 108;
    private static final int MAX_NAME = 256;
    private static final Preamble NONE = new Preamble(State.NONE, 0, 0);
    private static final Preamble BEGUN = new Preamble(State.BEGUN, 0, 0);

    private static Preamble whole(int client, int server) {
        return new Preamble(State.WHOLE, client, server);
    }

    static Preamble of(FirstBytes client, FirstBytes server) {
        if (client.begun(PROXY_1) || client.begun(PROXY_2)) {
            return BEGUN;
        }
        if (client.begins(PROXY_1)) {
            return proxy1(client);
        }
        if (client.begins(PROXY_2)) {
            return proxy2(client);
        }
        return switch (client.at(0)) {
            case 4 -> socks4(client, server);
            case 5 -> socks5(client, server);
            default -> NONE;
        };
    }

    private static Preamble proxy1(FirstBytes client) {
        int end = client.find('\n', 0, MAX_PROXY_1);
        if (end < 0) {
            return client.length() < MAX_PROXY_1 ? BEGUN : NONE;
        }
        boolean known = client.has(6, "TCP4 ") || client.has(6, "TCP6 ") || client.has(6, "UNKNOWN");
        return known ? whole(end + 1, 0) : NONE;
    }

    private static Preamble proxy2(FirstBytes client) {
        if (client.length() < 16) {
            return BEGUN;
        }
        int length = 16 + client.u16(14);
        if (client.at(12) >> 4 != 2 || (client.at(12) & 0xF) > 1 || length > FirstBytes.MAX_BYTES) {
            return NONE;
        }
        return client.length() < length ? BEGUN : whole(length, 0);
    }

    private static Preamble socks4(FirstBytes client, FirstBytes server) {
        if (client.length() > 1 && client.at(1) != 1) {
            return NONE;
        }
        if (client.length() < 9) {
            return BEGUN;
        }
        int end = client.find(0, 8, 8 + MAX_NAME);
        boolean named = client.u24(4) == 0 && client.at(7) != 0;
        if (named && end >= 0) {
            end = client.find(0, end + 1, end + 1 + MAX_NAME);
        }
        if (end < 0) {
            return client.length() < 8 + 2 * MAX_NAME ? BEGUN : NONE;
        }
        if (server.length() < 8) {
            return server.at(0) > 0 ? NONE : BEGUN;
        }
        return server.u16(0) == 0x5A ? whole(end + 1, 8) : NONE;
    }

    private static Preamble socks5(FirstBytes client, FirstBytes server) {
        int methods = client.at(1);
        if (methods == 0 || methods > 32 || (server.length() > 0 && server.at(0) != 5)) {
            return NONE;
        }
        if (methods < 0 || client.length() < 2 + methods || server.length() < 2) {
            return BEGUN;
        }
        int asked = 2 + methods;
        int said = 2;
        if (server.at(1) == 2) {
            int user = client.at(asked + 1);
            int password = user < 0 ? -1 : client.at(asked + 2 + user);
            if (password < 0 || server.length() < 4) {
                return BEGUN;
            }
            if (client.at(asked) != 1 || server.at(3) != 0) {
                return NONE;
            }
            asked += 3 + user + password;
            said += 2;
        } else if (server.at(1) != 0) {
            return NONE;
        }
        int request = address(client, asked);
        int reply = address(server, said);
        if (request == 0 || reply == 0 || client.at(asked + 1) > 1 || server.at(said + 1) > 0) {
            return NONE;
        }
        return request < 0 || reply < 0 ? BEGUN : whole(asked + request, said + reply);
    }

    /** How long a request or reply with an address is; less than 0 if it is not whole, 0 if it is none. */
    private static int address(FirstBytes bytes, int at) {
        if (bytes.at(at) < 0) {
            return -1;
        }
        if (bytes.at(at) != 5 || bytes.at(at + 2) > 0) {
            return 0;
        }
        int host = switch (bytes.at(at + 3)) {
            case -1 -> -1;
            case 1 -> 4;
            case 3 -> bytes.at(at + 4) < 0 ? -1 : 1 + bytes.at(at + 4);
            case 4 -> 16;
            default -> 0;
        };
        return host <= 0 ? host : bytes.length() < at + 6 + host ? -1 : 6 + host;
    }
}
