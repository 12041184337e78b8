// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

/** Whether the connection was reusable after the first response. */
public enum Reuse {
    REUSED("connection reused"),
    ANNOUNCED_CLOSE("connection closed, as announced"),
    SILENT_CLOSE("connection closed without Connection: close: a proxy that reuses it will hit a keep-alive race"),
    CLOSED_EARLY("connection closed before a whole response"),
    NOT_TRIED("connection not reused");

    private final String text;

    Reuse(String text) {
        this.text = text;
    }

    /** The words for it in text. */
    public String text() {
        return text;
    }
}
