// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/** How the connection ended after the sender's last byte. */
public enum CloseReason {
    /** Still open. */
    OPEN("open"),
    /** Closed in order. */
    FIN("FIN"),
    /** Reset. */
    RST("RST"),
    /** The receiver closed it first: missing bytes are not the sender's fault. */
    LEFT("receiver left");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /** The word for it in text and JSON. */
    public String text() {
        return text;
    }

    /** Whether the sender closed it. */
    public boolean bySender() {
        return this == FIN || this == RST;
    }
}
