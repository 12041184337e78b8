// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framework;

import java.util.List;
import java.util.Optional;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.wire.Printable;

/**
 * Recognises the framework of a response and the bytes that show it: a field that names the server, or, less certainly,
 * habits that only one measured server has. If two look the same, the result is empty.
 *
 * @param evidence the bytes or the option that identify it
 */
public record Recognition(Framework framework, Certainty certainty, String evidence) {
    /** How sure it is. */
    public enum Certainty {
        /** The user said so. */
        GIVEN,
        /** A field of the response says so. */
        SAYS,
        /** The order and case of the fields are this server's habit. */
        LOOKS_LIKE
    }

    private static final String EMPTY_REASON = "HTTP/1.1 200 \r\n";

    private static final int MAX_SHOWN = 60;

    /** Values of Server and X-Powered-By that name a framework: how they begin. */
    private static final Object[][] NAMES = {
        {"uvicorn", Framework.FASTAPI},
        {"Werkzeug/", Framework.FLASK},
        {"gunicorn", Framework.GUNICORN},
        {"Jetty(", Framework.JETTY},
        {"Apache-Coyote/", Framework.TOMCAT},
        {"WildFly/", Framework.UNDERTOW},
        {"Undertow/", Framework.UNDERTOW},
        {"puma ", Framework.PUMA},
        {"Express", Framework.EXPRESS},
        {"PHP/", Framework.PHP_FPM},
    };

    /** How Go ends a head: its own fields, in this order, behind those of the handler, which it sorts. */
    private static final List<String> GO_ENDS =
            List.of("Content-Length", "Content-Type", "Connection", "Transfer-Encoding");

    /** The user named it. */
    public static Recognition given(Framework framework) {
        return new Recognition(framework, Certainty.GIVEN, "--framework " + framework.id());
    }

    /** The framework that the head of {@code response} shows. */
    public static Optional<Recognition> of(FramingReport response) {
        if (!response.version().startsWith("HTTP/1.") || response.status() == 0) {
            return Optional.empty();
        }
        var powered = response.fields("X-Powered-By");
        var server = response.fields("Server");
        for (var lines : List.of(powered, server)) {
            for (var line : lines) {
                var said = said(line);
                if (said.isPresent()) {
                    return said;
                }
            }
        }
        // Somebody else, by its own word.
        return powered.isEmpty() && server.isEmpty() && response.version().equals("HTTP/1.1")
                ? habits(response)
                : Optional.empty();
    }

    private static Optional<Recognition> said(FieldLine line) {
        if (line.value().contains(" aiohttp/")) {
            return Optional.of(says(Framework.AIOHTTP, line));
        }
        for (var name : NAMES) {
            if (line.value().startsWith((String) name[0])) {
                return Optional.of(says((Framework) name[1], line));
            }
        }
        return Optional.empty();
    }

    private static Recognition says(Framework framework, FieldLine line) {
        var text = line.name() + ": " + line.value();
        return new Recognition(
                framework, Certainty.SAYS, Printable.of(text.substring(0, Math.min(text.length(), MAX_SHOWN))));
    }

    private static Optional<Recognition> habits(FramingReport response) {
        var fields = response.fields();
        int last = fields.size() - 1;
        if (tomcat(response)) {
            return like(
                    Framework.TOMCAT,
                    "\"HTTP/1.1 " + response.status() + " \" without a reason phrase, and no Server field");
        }
        if (last >= 2
                && fields.get(last).name().equals("Keep-Alive")
                && fields.get(last).value().matches("timeout=[0-9]+")
                && fields.get(last - 1).name().equals("Connection")
                && fields.get(last - 1).value().equals("keep-alive")) {
            var ends = "the head ends in Connection: keep-alive, Keep-Alive: "
                    + fields.get(last).value();
            return fields.get(last).value().equals("timeout=72")
                    ? like(Framework.FASTIFY, ends + ", which is Fastify's default")
                    : like(Framework.NODE, ends);
        }
        if (!response.reason().isEmpty() && goEnds(fields)) {
            return like(Framework.GO, "the fields after Date are Go's, in Go's order, and there is no Server field");
        }
        if (last >= 2
                && fields.getFirst().name().equals("Connection")
                && fields.getFirst().value().equals("keep-alive")
                && fields.get(last).name().equals("Date")) {
            return like(
                    Framework.UNDERTOW,
                    "Connection: keep-alive comes first and Date last, and there is no Server field");
        }
        return Optional.empty();
    }

    private static Optional<Recognition> like(Framework framework, String evidence) {
        return Optional.of(new Recognition(framework, Certainty.LOOKS_LIKE, evidence));
    }

    /**
     * The space behind the status is there, the reason is not. Tomcat's own Date comes last, but for what keeps the connection or
     * ends it; behind one that the handler copied comes Tomcat's own framing.
     */
    private static boolean tomcat(FramingReport response) {
        if (!response.reason().isEmpty()
                || response.fields().isEmpty()
                || response.fields().getFirst().offset() - response.offset() != EMPTY_REASON.length()) {
            return false;
        }
        boolean own = false;
        boolean copied = false;
        boolean framed = false;
        for (var field : response.fields()) {
            var name = field.name();
            if (own && !name.equals("Connection") && !name.equals("Keep-Alive")) {
                return false;
            }
            own |= name.equals("Date");
            framed |= copied && (name.equals("Transfer-Encoding") || name.equals("Content-Length"));
            copied |= !own && field.is("Date");
        }
        return own || framed;
    }

    private static boolean goEnds(List<FieldLine> fields) {
        int date = -1;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals("Date")) {
                date = i;
            }
        }
        if (date < 0 || date == fields.size() - 1) {
            return false;
        }
        int place = -1;
        for (int i = date + 1; i < fields.size(); i++) {
            int next = GO_ENDS.indexOf(fields.get(i).name());
            if (next <= place) {
                return false;
            }
            place = next;
        }
        // Behind Date others write a Content-Type first.
        return !fields.get(date + 1).name().equals("Content-Type") || fields.size() == date + 3;
    }

    /** It in half a sentence. */
    public String text() {
        return switch (certainty) {
            case GIVEN -> framework.title() + " (" + evidence + ")";
            case SAYS -> framework.title() + ", by \"" + evidence + "\"";
            case LOOKS_LIKE -> "looks like " + framework.title() + ": " + evidence;
        };
    }
}
