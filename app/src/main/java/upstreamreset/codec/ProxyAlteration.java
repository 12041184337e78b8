// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import upstreamreset.http1.BodyFraming;
import upstreamreset.http1.Completeness;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/**
 * One difference between the response that a server sent and the one that arrived behind a proxy, beyond the changes
 * that a proxy may make (RFC 9110 §7.6). A comparison finds it, not the model.
 *
 * @param what {@code status}, {@code body}, or a field's name in lower case
 * @param sent what the server sent, printable
 * @param arrived what the client got, printable
 */
public record ProxyAlteration(String what, String sent, String arrived) {
    private static final int MAX_SHOWN = 60;

    /** The fields of one connection: each hop has its own (RFC 9110 §7.6.1). */
    private static final Set<String> OF_THE_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /** The prefix of Envoy's own fields. It also overwrites {@code server}, as istiod configures it. */
    private static final String ENVOYS_OWN = "x-envoy-";

    /** The differences: the status first, then the fields, then the body. Both reports must have kept their bodies. */
    public static List<ProxyAlteration> between(FramingReport sent, FramingReport arrived) {
        var alterations = new ArrayList<ProxyAlteration>();
        // An unreadable status is a violation, and cannot be compared.
        if (sent.status() != 0 && sent.status() != arrived.status()) {
            alterations.add(
                    new ProxyAlteration("status", Integer.toString(sent.status()), Integer.toString(arrived.status())));
        }
        for (var name : names(sent, arrived)) {
            boolean added = sent.fields(name).isEmpty() && (name.equals("date") || name.equals("content-length"));
            boolean folded = folded(sent, name);
            if (!added && !meaning(sent, name, folded).equals(meaning(arrived, name, folded))) {
                alterations.add(new ProxyAlteration(
                        name,
                        Printable.of(Secrets.value(name, text(sent, name))),
                        Printable.of(Secrets.value(name, text(arrived, name)))));
            }
        }
        if (sent.framing().kind() == BodyFraming.Kind.TUNNEL) {
            return alterations; // the bytes that follow are another protocol's
        }
        if (!sent.body().equals(arrived.body())) {
            alterations.add(new ProxyAlteration("body", text(sent.body()), text(arrived.body())));
        } else if (sent.completeness() == Completeness.UNREADABLE && arrived.complete()) {
            alterations.add(
                    new ProxyAlteration("body", "an end that cannot be read", text(arrived.body()) + ", whole"));
        }
        return alterations;
    }

    private static Set<String> names(FramingReport sent, FramingReport arrived) {
        var names = new TreeSet<String>();
        for (var report : List.of(sent, arrived)) {
            report.fields().forEach(field -> names.add(field.name().strip().toLowerCase(Locale.ROOT)));
        }
        names.removeIf(name -> !endToEnd(name));
        // A body is compared itself; a 1xx or 204 has no Content-Length (RFC 9110 §8.6).
        if (sent.framing().kind() != BodyFraming.Kind.NONE || sent.status() < 200 || sent.status() == 204) {
            names.remove("content-length");
        }
        for (var options : sent.fields("connection")) {
            for (var option : options.value().split(",", -1)) {
                names.remove(option.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** Whether a field with this name, in lower case, must arrive as it was sent. */
    static boolean endToEnd(String name) {
        return !OF_THE_HOP.contains(name) && !name.equals("server") && !name.startsWith(ENVOYS_OWN);
    }

    /** The value with a space for a bare CR, and with one space for white space in a folded line (RFC 9112 §2.2, §5.2). */
    static String meaning(String value, boolean folded) {
        var spaced = value.replace('\r', ' ').strip();
        return folded ? spaced.replaceAll("[ \t]+", " ") : spaced;
    }

    private static boolean folded(FramingReport report, String name) {
        return report.fields(name).stream()
                .anyMatch(field -> report.violations().stream()
                        .anyMatch(violation -> violation.rule() == Rule.OBSOLETE_FOLD
                                && violation.offset() > field.offset()
                                && violation.offset() < field.offset() + field.length()));
    }

    /** The combined value of the lines of a field (RFC 9110 §5.3). */
    private static String meaning(FramingReport report, String name, boolean folded) {
        return report.fields(name).stream()
                .map(field -> meaning(field.value(), folded))
                .filter(value -> !value.isEmpty())
                .collect(Collectors.joining(","));
    }

    private static String text(FramingReport report, String name) {
        return report.fields(name).stream().map(FieldLine::value).collect(Collectors.joining(","));
    }

    private static String text(Bytes body) {
        return "%d bytes: %s"
                .formatted(body.length(), Printable.of(Secrets.bytes(body.toArray()), 0, body.length(), MAX_SHOWN));
    }
}
