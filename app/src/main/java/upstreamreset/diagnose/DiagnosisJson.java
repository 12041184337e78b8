// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.output.Durations;
import upstreamreset.output.Json;
import upstreamreset.probe.ProbeResult;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A diagnosis as one JSON object, in the vocabulary of all commands: {@code past.response} is a judged response. */
public record DiagnosisJson(PrintWriter out) {
    public void print(Diagnosis diagnosis) {
        Json.print(out, json -> {
            finding(json, diagnosis.conclusion());
            look(json, diagnosis.look());
            json.object("log", log -> log(log, diagnosis.log()));
            diagnosis.ambient().ifPresent(each -> json.object("ztunnel", ztunnel -> ambient(ztunnel, each)));
            json.object("past", past -> past(past, diagnosis.past()));
            json.object("through", through -> {
                through(through, diagnosis.through(), diagnosis.look().hasSidecar());
                if (!diagnosis.question().withheld().isEmpty()) {
                    strings(through, "withheld", diagnosis.question().withheld());
                }
            });
            json.field("millis", diagnosis.took().toMillis());
        });
        out.flush();
    }

    private static String safe(String text) {
        return Printable.line(Secrets.text(text));
    }

    private static void finding(Json json, Conclusion conclusion) {
        json.field("found", conclusion.found());
        json.field("unread", conclusion.unread());
        json.object("finding", finding -> {
            if (!conclusion.id().isEmpty()) {
                finding.field("id", conclusion.id());
            }
            if (!conclusion.section().isEmpty()) {
                finding.field("section", conclusion.section());
            }
            finding.field("sentence", safe(conclusion.sentence()));
            if (!conclusion.cause().isEmpty()) {
                finding.field("cause", safe(conclusion.cause()));
            }
            if (!conclusion.fix().isEmpty()) {
                finding.field("fix", safe(conclusion.fix()));
            }
            strings(finding, "next", conclusion.next());
        });
    }

    private static void strings(Json json, String name, List<String> texts) {
        json.strings(name, texts.stream().map(DiagnosisJson::safe).toList());
    }

    private static void look(Json json, Look look) {
        var pod = look.pod();
        json.object("pod", fields -> {
            fields.field("namespace", pod.namespace());
            fields.field("name", pod.name());
            fields.field("of", look.selection().count());
            fields.field("phase", safe(pod.phase()));
            fields.field("ready", pod.ready());
            fields.field("ambient", pod.ambient());
        });
        look.port()
                .ifPresent(port -> json.object("port", fields -> {
                    fields.field("number", port.number());
                    port.container().ifPresent(each -> fields.field("container", each));
                    port.service()
                            .ifPresent(service -> fields.object("service", each -> {
                                each.field("name", service.service());
                                each.field("port", service.number());
                                each.field("portName", safe(service.name()));
                                each.field("appProtocol", safe(service.appProtocol()));
                            }));
                }));
        pod.sidecar()
                .ifPresent(sidecar -> json.object("sidecar", fields -> {
                    fields.field("container", sidecar.container().name());
                    fields.field("role", sidecar.role().text());
                    fields.field("native", sidecar.container().nativeSidecar());
                    look.istioVersion().ifPresent(each -> fields.field("istio", safe(each)));
                    look.proxy()
                            .map(ProxyInfo::envoy)
                            .filter(each -> !each.isEmpty())
                            .ifPresent(each -> fields.field("envoy", each));
                }));
        look.policies().mtls().ifPresent(mode -> json.field("mtls", safe(mode)));
        strings(json, "touching", look.policies().touching());
        strings(json, "notes", look.notes());
        strings(json, "notRead", look.unread());
    }

    private static void log(Json json, SidecarLog log) {
        json.field("since", Durations.text(log.since()));
        json.field("requests", log.requests());
        json.field("failed", log.failed());
        log.problem().ifPresent(each -> json.field("problem", safe(each)));
        json.objects("failures", log.failures(), way -> {
            var entry = way.example().entry();
            json.field("count", way.count());
            json.field("status", way.example().exchange().status());
            json.field("flags", Printable.of(entry.text(LogField.RESPONSE_FLAGS).orElse("-")));
            json.field(
                    "details",
                    Printable.of(entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-")));
            json.field("method", Printable.of(way.method()));
            json.field("path", Printable.of(way.path()));
            json.field("hop", way.example().side().id());
            json.field("madeHere", way.example().exchange().madeHere());
        });
        json.strings("followed", log.followed());
    }

    private static void ambient(Json json, AmbientLog log) {
        if (!log.ztunnel().isEmpty()) {
            json.field("pod", safe(log.ztunnel()));
        }
        json.field("connections", log.connections());
        json.field("failed", log.failed());
        json.objects("failures", log.failures(), way -> {
            json.field("count", way.count());
            json.field("id", way.cause().id());
            json.field("cause", safe(way.cause().cause()));
            json.field("error", safe(way.example().error().orElse("")));
            json.field("source", safe(way.example().source()));
            json.field("destination", safe(way.example().destination()));
            way.example().text("direction").ifPresent(each -> json.field("direction", safe(each)));
        });
        strings(json, "waypoints", log.waypoints());
        strings(json, "problems", log.problems());
        if (!log.command().isEmpty()) {
            json.field("command", safe(log.command()));
        }
    }

    private static void past(Json json, PastSidecar past) {
        switch (past) {
            case PastSidecar.Answered(var answer, var proof) -> {
                json.field("state", "answered");
                proof.ifPresent(each -> json.field("proof", each));
                response(json, answer);
            }
            case PastSidecar.WentThrough(var answer, var why) -> {
                state(json, "went-through", why);
                response(json, answer);
            }
            case PastSidecar.Refused(var port) -> state(json, "refused", "nothing listens on port " + port);
            case PastSidecar.OtherProtocol(var _, var why) -> state(json, "other-protocol", why);
            case PastSidecar.Failed(var why) -> state(json, "failed", why);
            case PastSidecar.NotAsked(var why) -> state(json, "not-asked", why);
        }
    }

    private static void state(Json json, String state, String why) {
        json.field("state", state);
        json.field("why", safe(why));
    }

    private static void response(Json json, ProbeResult.Answered answer) {
        json.object(
                "response",
                fields -> JudgedResponseJson.write(fields, answer.judged().getFirst()));
    }

    private static void through(Json json, ThroughSidecar through, boolean sidecar) {
        switch (through) {
            case ThroughSidecar.Answered answer -> {
                json.field("state", "answered");
                json.field(
                        "status",
                        answer.line().map(hop -> hop.exchange().status()).orElse(answer.status()));
                answer.line().ifPresent(hop -> {
                    json.field(
                            "flags",
                            Printable.of(
                                    hop.entry().text(LogField.RESPONSE_FLAGS).orElse("-")));
                    json.field(
                            "details",
                            Printable.of(hop.entry()
                                    .text(LogField.RESPONSE_CODE_DETAILS)
                                    .orElse("-")));
                });
                json.field("server", safe(answer.server()));
                json.field("madeBySidecar", sidecar && answer.failed() && answer.madeBySidecar());
                json.object("codec", codec -> {
                    answer.codec().reason().ifPresent(each -> codec.field("reason", safe(each)));
                    codec.strings("fields", answer.codec().fields());
                    Optional.of(answer.codec().note())
                            .filter(each -> !each.isEmpty())
                            .ifPresent(each -> codec.field("note", safe(each)));
                });
                json.objects("altered", answer.altered(), each -> {
                    json.field("what", each.what());
                    json.field("sent", each.sent());
                    json.field("arrived", each.arrived());
                });
            }
            case ThroughSidecar.NotReached(var why, var _, var _) -> state(json, "not-reached", why);
            case ThroughSidecar.NotAsked(var why) -> state(json, "not-asked", why);
        }
    }
}
