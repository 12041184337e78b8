// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.Json;
import upstreamreset.output.JsonTree;
import upstreamreset.wire.Printable;

/**
 * An ephemeral container for a capture. It does nothing by itself: the captured bytes go through {@link Exec}, so that
 * none of them reach the container's log, which log shippers read. After its time it ends with every process in it.
 * Kubernetes cannot remove it: its entry remains in the Pod, terminated.
 */
public final class CaptureContainer {
    /** The file that marks the capture's end; the container's shell checks for it every second and then ends too. */
    static final String DONE = "/tmp/upstream-reset.done";

    /** What the capture leaves at its begin: where it has none, because we were stopped, the shell does not wait for its end. */
    static final String BEGUN = "/tmp/upstream-reset.begun";

    private static final String HOLD = "trap 'exit 0' TERM; i=0; while [ $i -lt $1 ] && [ ! -e " + DONE
            + " ] && { [ $i -lt $2 ] || [ -e " + BEGUN + " ]; }; do sleep 1; i=$((i+1)); done";

    private static final int MAX_BEGIN = 30;

    private static final int MAX_START_SECONDS = 120;
    private static final int MAX_END_SECONDS = 10;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final List<String> HOPELESS = List.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "ErrImageNeverPull",
            "InvalidImageName",
            "CreateContainerError",
            "CreateContainerConfigError",
            "RunContainerError");

    /** Its capabilities, the most powerful first. */
    public enum Privileges {
        /** As the profile netadmin of {@code kubectl debug} has it. */
        NETADMIN("root, NET_ADMIN and NET_RAW"),
        /** For Pod Security's level baseline: tcpdump works where the runtime gives NET_RAW by default. */
        ROOT("root, with the runtime's own capabilities");

        private final String text;

        Privileges(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final KubeApi api;
    private final Pod pod;
    private final String image;
    private final long seconds;
    private final String name = "upstream-reset-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    /** For a capture of so many seconds; nothing is done yet. */
    public CaptureContainer(KubeApi api, Pod pod, String image, CaptureLimits limits) {
        this.api = api;
        this.pod = pod;
        this.image = image;
        this.seconds = limits.seconds() + MAX_BEGIN;
    }

    /** The rights that it and the capture need. */
    public static List<Right> rights() {
        var rights = new ArrayList<Right>();
        rights.add(Right.core("get", "pods"));
        rights.add(Right.core("patch", "pods/ephemeralcontainers"));
        rights.addAll(Rights.ofSocket("pods/exec"));
        return List.copyOf(rights);
    }

    public String name() {
        return name;
    }

    /**
     * Lets the API server's admission, Pod Security among it, judge it without adding it.
     *
     * @return the most that is admitted
     * @throws PodCaptureException when nothing that can capture is
     */
    public Privileges check() throws PodCaptureException, ApiException, InterruptedException {
        if (!pod.running()) {
            throw new PodCaptureException(
                    pod.text() + " is not running, but " + Printable.words(pod.phase()) + ": nothing was added to it");
        }
        var refusals = new ArrayList<String>();
        for (var privileges : Privileges.values()) {
            var refusal = ask(privileges, true);
            if (refusal.isEmpty()) {
                return privileges;
            }
            refusals.add(refusal.get());
        }
        throw new PodCaptureException("the API server admits no container in " + pod.text() + " that can capture: "
                + refusals.getLast()
                + ". tcpdump needs root and NET_RAW: Pod Security's levels privileged and baseline admit that, restricted"
                + " does not. Nothing was added to the Pod");
    }

    /** Adds it, and returns when it runs. */
    public void add(Privileges privileges) throws PodCaptureException, ApiException, InterruptedException {
        var refusal = ask(privileges, false);
        if (refusal.isPresent()) {
            throw new PodCaptureException(
                    "the API server does not add a container to " + pod.text() + ": " + refusal.get());
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_START_SECONDS);
        var state = "the kubelet has not begun it";
        while (System.nanoTime() < deadline) {
            var status = status();
            if (status.has("running")) {
                return;
            }
            state = text(status, state);
            if (status.has("terminated")
                    || HOPELESS.contains(status.path("waiting").path("reason").asString(""))) {
                break;
            }
            pause();
        }
        throw new PodCaptureException("the container " + name + " does not start: " + state + ". " + remains());
    }

    private Optional<String> ask(Privileges privileges, boolean dry)
            throws PodCaptureException, ApiException, InterruptedException {
        var request = new KubeRequest(
                "patch",
                "pods/ephemeralcontainers " + pod.name(),
                "PATCH",
                pod.path() + "/ephemeralcontainers" + (dry ? "?dryRun=All" : ""),
                "application/strategic-merge-patch+json",
                patch(privileges));
        var answer = api.answer(request, Map.of());
        if (answer.successful()) {
            return Optional.empty();
        }
        var said = Printable.words(message(answer.text()));
        if (answer.status() == 404) {
            throw new PodCaptureException(pod.text() + " is gone: " + said);
        }
        // A webhook that cannot judge without doing: it will be asked in earnest.
        return dry && said.contains("does not support dry run") ? Optional.empty() : Optional.of(said);
    }

    private static String message(String body) throws ApiException {
        return KubeApi.parse(body).path("message").asString("no reason given");
    }

    private String patch(Privileges privileges) {
        return Json.object(json -> json.object(
                "spec",
                spec -> spec.objects("ephemeralContainers", List.of(name), each -> container(spec, each, privileges))));
    }

    private void container(Json json, String called, Privileges privileges) {
        json.field("name", called);
        json.field("image", image);
        json.field("imagePullPolicy", "IfNotPresent");
        json.strings("command", command(seconds, MAX_BEGIN));
        json.object("securityContext", context -> {
            context.field("runAsUser", 0);
            context.field("runAsNonRoot", false);
            context.field("allowPrivilegeEscalation", false);
            if (privileges == Privileges.NETADMIN) {
                context.object("capabilities", added -> added.strings("add", List.of("NET_ADMIN", "NET_RAW")));
            }
        });
    }

    /** Its command: it runs for {@code seconds}, of which {@code begin} may pass until the capture begins. */
    static List<String> command(long seconds, long begin) {
        return List.of("sh", "-c", HOLD, "upstream-reset", Long.toString(seconds), Long.toString(begin));
    }

    /** Its state, as the kubelet has told it; empty where it has not. */
    private JsonNode status() throws PodCaptureException, ApiException, InterruptedException {
        var found = api.call(KubeRequest.get("pods " + pod.name(), pod.path()))
                .filter(each -> each.path("metadata").path("uid").asString("").equals(pod.uid()))
                .orElseThrow(() -> new PodCaptureException(pod.text() + " is gone, and the container with it"));
        for (var each : found.path("status").path("ephemeralContainerStatuses")) {
            if (each.path("name").asString("").equals(name)) {
                return each.path("state");
            }
        }
        return JsonTree.object();
    }

    private static String text(JsonNode state, String otherwise) {
        for (var kind : List.of("waiting", "terminated")) {
            var reason = state.path(kind).path("reason").asString("");
            if (!reason.isEmpty()) {
                return Printable.words(
                        (reason + " " + state.path(kind).path("message").asString("")).strip());
            }
        }
        return otherwise;
    }

    /** Waits a while for its end, and says in one sentence what stays in the Pod. */
    public String remains() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_END_SECONDS);
        try {
            do {
                var state = status();
                if (state.has("terminated")) {
                    return "The container " + name + " has ended; its entry stays in " + pod.text()
                            + " until the Pod is deleted.";
                }
                if (!state.has("running")) {
                    return "The container " + name + " has not started; its entry stays in " + pod.text()
                            + ", and should it start, it ends by itself after " + MAX_BEGIN + " s.";
                }
                pause();
            } while (System.nanoTime() < deadline);
        } catch (PodCaptureException e) {
            return e.getMessage() + ".";
        } catch (ApiException e) {
            return "Whether the container " + name + " in " + pod.text() + " has ended is not known (" + e.getMessage()
                    + "); it ends by itself within " + seconds + " s.";
        }
        return "The container " + name + " in " + pod.text() + " still runs; it ends by itself within " + seconds
                + " s.";
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(POLL_NANOS);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
