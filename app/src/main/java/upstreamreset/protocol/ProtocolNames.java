// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

/** The name of a protocol other than HTTP, by the first bytes of both sides. */
final class ProtocolNames {
    private ProtocolNames() {}

    /** Empty if unknown. */
    static String of(FirstBytes client, FirstBytes server) {
        var name = TextProtocols.of(client, server);
        return name.isEmpty() ? BinaryProtocols.of(client, server) : name;
    }
}
