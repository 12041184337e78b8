// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.util.Map;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;

/** The page at {@code /}: the same for every visitor except the part between {@link #before} and {@link #after}. */
public final class HomePage {
    private static final String HOLE = "{who}";

    private final Bytes before;
    private final Bytes after;

    public HomePage() {
        var text = Bytes.ofResource(HomePage.class, "home.html");
        var parts = text.latin1().split("\\{who\\}", -1);
        if (parts.length != 2) {
            throw new IllegalStateException("home.html has not one " + HOLE);
        }
        before = Bytes.latin1(parts[0]);
        after = Bytes.latin1(parts[1]);
    }

    public Bytes before() {
        return before;
    }

    public Bytes after() {
        return after;
    }

    /**
     * Who answers, and which way the visitor came.
     *
     * @param status hostname, version and leader, as far as there are
     * @param live whether the last answers can be watched
     */
    public static String who(Map<String, String> status, Visit visit, boolean live) {
        var text =
                new StringBuilder("<dl id=\"who\" data-way=\"" + visit.id() + "\" data-live=\"" + (live ? "on" : "off")
                        + "\" data-election=\"" + (status.containsKey("leader") ? "on" : "off") + "\">\n");
        status.forEach((name, value) -> text.append("<div><dt>")
                .append(Escape.markup(name.equals("hostname") ? "answered by" : name))
                .append("</dt><dd data-of=\"")
                .append(Escape.markup(name))
                .append("\">")
                .append(Escape.markup(value.isEmpty() ? "nobody" : Printable.words(value)))
                .append("</dd></div>\n"));
        return text.append("</dl>\n<p id=\"way\" class=\"verdict ")
                .append(visit == Visit.THROUGH ? "good" : "unknown")
                .append("\">")
                .append(Escape.markup(visit.sentence()))
                .append("</p>\n")
                .toString();
    }
}
