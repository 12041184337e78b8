// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.LoggedExchange.Reach;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.http1.Rule;
import upstreamreset.scrap.Scrap;
import upstreamreset.verdict.Remedy;

/** Explains a scrap: its causes, and, as far as it proves them, who made the error and how often the app ran. */
final class ScrapExplainer {
    /** With these Envoy answers before it asks anyone. */
    private static final Set<String> BEFORE_THE_APP =
            Set.of("authorization-policy", "jwt-refused", "fault-injected", "rate-limited", "direct-response");

    private static final Pattern CLUSTER = Pattern.compile(
            "\\b(?:in|out)bound\\|\\d{1,5}\\|[A-Za-z0-9-]{0,63}\\|(?:[a-z0-9-]{1,63}\\.[a-z0-9-]{1,63}\\.svc[.a-z0-9-]{0,60}(?<!\\.))?");

    private final Explainer explainer;

    ScrapExplainer(Explainer explainer) {
        this.explainer = explainer;
    }

    ScrapExplanation explain(Scrap scrap) {
        return scrap.tells() ? told(scrap) : named(scrap);
    }

    private ScrapExplanation named(Scrap scrap) {
        boolean before = scrap.speaker().equals("Envoy")
                && !scrap.causes().isEmpty()
                && BEFORE_THE_APP.contains(scrap.causes().getFirst());
        return new ScrapExplanation(
                scrap.words(),
                scrap.speaker(),
                scrap.says(),
                scrap.failed(),
                scrap.vague(),
                before ? OptionalInt.of(0) : OptionalInt.empty(),
                scrap.notes(),
                causes(scrap.causes(), cluster(scrap.words())),
                rules(scrap.causes()));
    }

    /** The cluster that the words name, as in counters: the commands are about its Service. */
    private static AccessLogEntry cluster(String words) {
        var cluster = CLUSTER.matcher(words);
        return new AccessLogEntry(cluster.find() ? Map.of(LogField.UPSTREAM_CLUSTER, cluster.group()) : Map.of());
    }

    /** The same as of a log line that had only these fields; the status that goes with them is filled in for the causes alone. */
    private ScrapExplanation told(Scrap scrap) {
        var entry = scrap.told();
        var hop = hop(withStatus(entry));
        var explanation = explainer.explain(List.of(hop), CodecSaid.NOTHING);
        var exchange = LoggedExchange.of(entry);
        boolean status = entry.text(LogField.RESPONSE_CODE).isPresent();
        boolean reply =
                entry.text(LogField.RESPONSE_FLAGS).isPresent() && scrap.words().contains(" " + EnvoyWords.REASON);
        var causes = new ArrayList<>(explanation.causes());
        if (!status) {
            causes.addAll(causes(otherReadings(exchange), entry));
        }
        var notes = new ArrayList<>(explanation.notes());
        notes.addAll(scrap.notes());
        boolean once =
                !exchange.has(ResponseFlag.URX) && scrap.notes().stream().noneMatch(note -> note.contains("retried"));
        return new ScrapExplanation(
                scrap.words(),
                scrap.speaker(),
                status && !reply && !entry.flags().isEmpty() ? explanation.verdict() : scrap.says(),
                explanation.failed(),
                false,
                (reply
                                ? once && exchange.reach() == Reach.NOT_ASKED
                                : hop.exchange().stoppedBeforeRouting())
                        ? OptionalInt.of(0)
                        : OptionalInt.empty(),
                notes,
                distinct(causes),
                List.of());
    }

    /** A flag alone does not say whether the response had begun. */
    private static List<String> otherReadings(LoggedExchange exchange) {
        boolean said = exchange.details().filter(ResponseCodeDetails::isReset).isPresent();
        if (said) {
            return List.of();
        }
        return exchange.has(ResponseFlag.UPE)
                ? List.of("broken-body")
                : exchange.has(ResponseFlag.UC) ? List.of("response-cut") : List.of();
    }

    private static AccessLogEntry withStatus(AccessLogEntry entry) {
        if (entry.text(LogField.RESPONSE_CODE).isPresent()) {
            return entry;
        }
        var exchange = LoggedExchange.of(entry);
        var reason = entry.details().flatMap(ResponseCodeDetails::reason);
        var fields = new EnumMap<LogField, String>(LogField.class);
        fields.putAll(entry.fields());
        reason.flatMap(ResetReason::flag).ifPresent(flag -> fields.putIfAbsent(LogField.RESPONSE_FLAGS, flag.name()));
        boolean after =
                entry.details().filter(ResponseCodeDetails::resetAfterResponse).isPresent();
        boolean passed =
                entry.details().filter(ResponseCodeDetails::viaUpstream).isPresent();
        boolean left = exchange.has(ResponseFlag.DC)
                || exchange.has(ResponseFlag.DR)
                || entry.details()
                        .filter(each -> each.name().startsWith("downstream_"))
                        .isPresent();
        if (left) {
            fields.putIfAbsent(LogField.RESPONSE_FLAGS, "DC");
        }
        boolean malformed = fields.getOrDefault(LogField.RESPONSE_FLAGS, "").equals("UPE");
        fields.put(LogField.RESPONSE_CODE, after || passed ? "200" : left ? "0" : malformed ? "502" : "503");
        return new AccessLogEntry(fields);
    }

    static Hop hop(AccessLogEntry entry) {
        return new Hop(Side.UNKNOWN, "", "", LoggedExchange.of(entry));
    }

    /** The causes of these ids, of the catalogue's or a rule's. */
    List<Cause> causes(List<String> ids, AccessLogEntry entry) {
        var next = new NextCommand(hop(entry), explainer.place());
        return ids.stream().map(id -> cause(id, next)).toList();
    }

    private static Cause cause(String id, NextCommand next) {
        return KnownCause.find(id)
                .map(known -> known.at(next))
                .or(() ->
                        Rule.ofId(id).map(rule -> new Cause(id, Remedy.of(rule).cause(), next.probe())))
                .orElseThrow(() -> new IllegalArgumentException("there is no cause " + id));
    }

    static List<Rule> rules(List<String> ids) {
        return ids.stream().map(Rule::ofId).flatMap(Optional::stream).toList();
    }

    private static List<Cause> distinct(List<Cause> causes) {
        var ids = new LinkedHashSet<String>();
        return causes.stream().filter(cause -> ids.add(cause.id())).toList();
    }
}
