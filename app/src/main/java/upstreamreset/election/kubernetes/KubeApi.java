// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import upstreamreset.election.Failure;
import upstreamreset.election.LeaseException;
import upstreamreset.output.JsonTree;

/**
 * Plain calls to the API server, one request each. Of fabric8 it uses the configuration, TLS and the renewal of the token, but
 * neither its retries, nor its merges, nor its typed client, which would load some thousand classes. HTTP/1.1, because a request
 * that hangs must not hold up the next one on the same connection.
 */
final class KubeApi implements AutoCloseable {
    private final Config config;
    private final HttpClient http;
    private final Duration timeout;

    /** @param timeout after which a call is given up, whoever waits for it */
    KubeApi(Config config, Duration timeout) {
        this.config = new ConfigBuilder(config)
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .build();
        this.http = new JdkHttpClientFactory().newBuilder(this.config).build();
        this.timeout = timeout;
    }

    /** The object that the API server answers with; empty where there is none (404). */
    Optional<JsonNode> call(KubeRequest request) throws LeaseException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        var body = new BoundedBody();
        var response = await(
                request,
                http.consumeBytes(
                        builder(request)
                                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                                .build(),
                        body));
        var text = body.read(request, response.body(), deadline);
        if (response.code() == 404) {
            return Optional.empty();
        }
        if (!response.isSuccessful()) {
            throw new LeaseException(ApiFailure.of(request, response.code(), text, response.header("Retry-After")));
        }
        return Optional.of(parse(text));
    }

    /** Opens a stream of bytes that has no end of its own. */
    AsyncBody stream(KubeRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer)
            throws LeaseException, InterruptedException {
        var response =
                await(request, http.consumeBytes(builder(request).forStreaming().build(), consumer));
        if (!response.isSuccessful()) {
            response.body().cancel();
            throw new LeaseException(ApiFailure.of(request, response.code(), "", response.header("Retry-After")));
        }
        return response.body();
    }

    private HttpRequest.Builder builder(KubeRequest request) {
        var base = config.getMasterUrl();
        var builder = http.newHttpRequestBuilder()
                .uri((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + request.path())
                .header("Accept", "application/json");
        return request.body().isEmpty()
                ? builder
                : builder.method(request.method(), request.contentType(), request.body());
    }

    private static <T> HttpResponse<T> await(KubeRequest request, CompletableFuture<HttpResponse<T>> future)
            throws LeaseException, InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            var kind = cause instanceof HttpTimeoutException ? Failure.Kind.TIMEOUT : Failure.Kind.UNREACHABLE;
            throw unanswered(kind, request, ApiFailure.oneLine(String.valueOf(cause)));
        }
    }

    /** No answer that can be read. */
    static LeaseException unanswered(Failure.Kind kind, KubeRequest request, String why) {
        return new LeaseException(new Failure(
                kind, "The API server cannot be asked to " + request.verb() + " " + request.object() + ": " + why));
    }

    static JsonNode parse(String json) throws LeaseException {
        try {
            return JsonTree.read(json);
        } catch (JacksonException e) {
            throw new LeaseException(new Failure(Failure.Kind.REFUSED, "The API server answered what is not JSON."));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
