// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import upstreamreset.testing.KubeApiServer;

/** Somebody with a token of the app's account: one plain request a call, as the app makes them (kubectl reads first). */
final class Caller implements AutoCloseable {
    /** What the API server answered. */
    record Answer(int status, String body) {
        boolean allowed() {
            return status < 300;
        }
    }

    private final String server;
    private final KubernetesClient client;

    private Caller(String server, Path kubeconfig) {
        this.server = server;
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    /** As the app in the Pod, which must exist. */
    static Caller inPod(KubeApiServer server, String pod) {
        var token = server.podToken("default", "http-chunked", pod);
        return new Caller(server.url(), server.kubeconfig(pod, token, "default"));
    }

    /** With a token that no Pod is bound to. */
    static Caller outsideAnyPod(KubeApiServer server) {
        var token = server.token("default", "http-chunked");
        return new Caller(server.url(), server.kubeconfig("no-pod", token, "default"));
    }

    Answer get(String path) {
        return call("GET", path, "application/json", "");
    }

    Answer put(String path, String object) {
        return call("PUT", path, "application/json", object);
    }

    Answer post(String path, String object) {
        return call("POST", path, "application/json", object);
    }

    Answer delete(String path) {
        return call("DELETE", path, "application/json", "");
    }

    Answer patch(String path, String patch) {
        return call("PATCH", path, "application/strategic-merge-patch+json", patch);
    }

    private Answer call(String method, String path, String contentType, String body) {
        var builder = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(server + path)
                .timeout(30, TimeUnit.SECONDS);
        var request = body.isEmpty() && method.equals("GET") ? builder : builder.method(method, contentType, body);
        try {
            var response = client.getHttpClient()
                    .sendAsync(request.build(), String.class)
                    .join();
            return new Answer(response.code(), response.body());
        } catch (CompletionException e) {
            throw new AssertionError(method + " " + path + " got no answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
