// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

/** What became of the connection after the first response. */
public enum Reuse {
    REUSED("connection reused"),
    ANNOUNCED_CLOSE("connection closed, as announced"),
    SILENT_CLOSE("connection closed without a word: a proxy that keeps it races that"),
    CLOSED_EARLY("connection closed before a whole response"),
    NOT_TRIED("connection not asked again");

    private final String text;

    Reuse(String text) {
        this.text = text;
    }

    /** The words for it in text. */
    public String text() {
        return text;
    }
}
