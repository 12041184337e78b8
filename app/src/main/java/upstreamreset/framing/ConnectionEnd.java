// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

/** How the sender left the connection when its bytes were over. */
public enum ConnectionEnd {
    /** Still open. */
    OPEN("open"),
    /** Closed in order. */
    FIN("FIN"),
    /** Reset. */
    RST("RST"),
    /** The receiver left before: what is missing is not the sender's fault. */
    LEFT("receiver left");

    private final String text;

    ConnectionEnd(String text) {
        this.text = text;
    }

    /** The word for it in text and JSON. */
    public String text() {
        return text;
    }

    /** Whether the sender ended it. */
    public boolean bySender() {
        return this == FIN || this == RST;
    }
}
