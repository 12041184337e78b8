// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/** The direction of bytes on a connection: from the client that opened it, or from the server that answers. */
public enum Direction {
    TO_SERVER("client"),
    TO_CLIENT("server");

    private final String sender;

    Direction(String sender) {
        this.sender = sender;
    }

    /** The sender in this direction: {@code client} or {@code server}. */
    public String sender() {
        return sender;
    }

    public Direction opposite() {
        return this == TO_SERVER ? TO_CLIENT : TO_SERVER;
    }
}
