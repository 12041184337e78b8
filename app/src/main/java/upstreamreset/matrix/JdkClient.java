// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import upstreamreset.scenario.Scenario;
import upstreamreset.wire.Bytes;

/** The HttpClient of the running JDK, directly to the app. */
final class JdkClient implements HttpImplementation {
    private final Origins origins;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    JdkClient(Origins origins) {
        this.origins = origins;
    }

    @Override
    public String title() {
        return "jdk " + Runtime.version().feature() + "." + Runtime.version().interim() + "."
                + Runtime.version().update();
    }

    @Override
    public ObservedResponse ask(Scenario scenario) throws InterruptedException {
        var request = scenario.request();
        var made = HttpRequest.newBuilder(URI.create(origins.uri(scenario)))
                .method(
                        request.method(),
                        request.bodyBytes() == 0 ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()))
                .build();
        for (int i = 1; i < request.times(); i++) {
            ask(made);
            Thread.sleep(request.gap());
        }
        return ask(made);
    }

    private ObservedResponse ask(HttpRequest request) throws InterruptedException {
        var status = new AtomicInteger();
        var body = new ByteArrayOutputStream();
        // The request's own timeout covers the head alone.
        var asked = client.sendAsync(request, head -> {
            status.set(head.statusCode());
            return BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(body::writeBytes));
        });
        var end = ObservedResponse.End.ERROR;
        var words = "";
        try {
            asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            end = ObservedResponse.End.WHOLE;
        } catch (TimeoutException e) {
            end = ObservedResponse.End.TIMEOUT;
        } catch (ExecutionException e) {
            words = String.valueOf((e.getCause() instanceof IOException failure ? failure : e).getMessage());
        } finally {
            asked.cancel(true);
        }
        return new ObservedResponse(end, status.get(), Bytes.of(body.toByteArray()), words);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
