// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/** How the sender left the connection when its bytes were over. */
public enum CloseReason {
    /** Still open. */
    OPEN("open"),
    /** Closed in order. */
    FIN("FIN"),
    /** Reset. */
    RST("RST"),
    /** The receiver left before: what is missing is not the sender's fault. */
    LEFT("receiver left");

    private final String text;

    CloseReason(String text) {
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
