// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

/** How the sender left the connection when its bytes were over. */
public enum ConnectionEnd {
    /** Still open. */
    OPEN("open"),
    /** Closed in order. */
    FIN("FIN"),
    /** Reset. */
    RST("RST");

    private final String text;

    ConnectionEnd(String text) {
        this.text = text;
    }

    /** The word for it in text and JSON. */
    public String text() {
        return text;
    }
}
