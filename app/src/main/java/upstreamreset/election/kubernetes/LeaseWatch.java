// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import upstreamreset.election.LeaseStore;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;

/** A watch as the API server streams it, one JSON event a line. Its owner decides whether to reopen it. */
final class LeaseWatch implements LeaseStore.Watch, AsyncBody.Consumer<List<ByteBuffer>> {
    /** An object in etcd has at most 1.5 MiB; a longer line is not an event. */
    private static final int MAX_LINE_BYTES = 2 << 20;

    private final LeaseStore.Watcher watcher;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Runnable cancel = () -> {};

    private LeaseWatch(LeaseStore.Watcher watcher) {
        this.watcher = watcher;
    }

    static LeaseWatch open(KubeApi api, KubeRequest request, LeaseStore.Watcher watcher)
            throws ApiException, InterruptedException {
        var watch = new LeaseWatch(watcher);
        var body = api.stream(request, watch);
        watch.cancel = body::cancel;
        var _ = body.done().whenComplete((done, failure) -> watch.end(false));
        body.consume();
        return watch;
    }

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody body) {
        for (var buffer : buffers) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next != '\n') {
                    line.write(next);
                } else {
                    event(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
            }
        }
        if (line.size() > MAX_LINE_BYTES) {
            end(false);
        } else {
            body.consume();
        }
    }

    private void event(String text) {
        if (over.get() || text.isBlank()) {
            return;
        }
        try {
            var event = KubeApi.parse(text);
            JsonNode object = event.path("object");
            switch (event.path("type").asString("")) {
                case "ADDED", "MODIFIED" -> watcher.seen(KubernetesLeaseStore.record(object));
                case "DELETED" ->
                    watcher.deleted(KubernetesLeaseStore.record(object).version());
                case "BOOKMARK" -> {}
                default -> end(object.path("code").asInt(0) == 410);
            }
        } catch (ApiException e) {
            end(false);
        }
    }

    private void end(boolean expired) {
        if (over.compareAndSet(false, true)) {
            watcher.closed(expired);
            cancel.run();
        }
    }

    @Override
    public void close() {
        over.set(true);
        cancel.run();
    }
}
