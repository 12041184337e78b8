// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import upstreamreset.output.JsonTree;

/**
 * Plain calls to the API server, one request each. It uses fabric8's configuration, TLS and token renewal, but not its
 * retries, its merges or its typed client, which would load some thousand classes. HTTP/1.1, because a hanging request
 * must not block the next one on the same connection.
 */
public final class KubeApi implements AutoCloseable {
    private final Config config;
    private final HttpClient http;
    private final Duration timeout;

    /** @param timeout after which a call is abandoned, whoever waits for it */
    public KubeApi(Config config, Duration timeout) {
        this.config = new ConfigBuilder(config)
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .build();
        this.http = new JdkHttpClientFactory().newBuilder(this.config).build();
        this.timeout = timeout;
    }

    /** The object that the API server answers with; empty if there is none (404). */
    public Optional<JsonNode> call(KubeRequest request) throws ApiException, InterruptedException {
        var answer = answer(request, Map.of());
        if (answer.status() == 404) {
            return Optional.empty();
        }
        if (!answer.successful()) {
            throw new ApiException(ApiFailure.of(
                    request,
                    answer.status(),
                    answer.text(),
                    answer.field("Retry-After").orElse(null)));
        }
        return Optional.of(parse(answer.text()));
    }

    /** Whatever the API server answers. */
    public KubeAnswer answer(KubeRequest request, Map<String, String> fields)
            throws ApiException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        var body = new BoundedBody();
        var builder = builder(request).timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        fields.forEach(builder::setHeader);
        var response = await(request, http.consumeBytes(builder.build(), body));
        var bytes = body.read(request, response.body(), deadline);
        return new KubeAnswer(response.code(), lowerCase(response.headers()), bytes);
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> fields) {
        return fields.entrySet().stream()
                .collect(Collectors.toMap(
                        field -> field.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (one, other) -> one));
    }

    /** The namespace that the kubeconfig's context names. */
    public String namespace() {
        return Optional.ofNullable(config.getNamespace()).orElse("default");
    }

    /**
     * Gives the answer's bytes to {@code sink} as they come, on the HTTP client's thread, until it ends.
     *
     * @return false if it did not end within {@code atMost}
     */
    public boolean read(KubeRequest request, Consumer<byte[]> sink, Duration atMost)
            throws ApiException, InterruptedException {
        var bytes = new StreamedBody(sink);
        var response =
                await(request, http.consumeBytes(builder(request).forStreaming().build(), bytes));
        bytes.begin(response.isSuccessful());
        var body = response.body();
        var done = body.done();
        try {
            body.consume();
            done.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            body.cancel();
            return false;
        } catch (InterruptedException e) {
            body.cancel();
            throw e;
        } catch (ExecutionException | CancellationException e) {
            if (response.isSuccessful()) {
                throw unanswered(Failure.Kind.UNREACHABLE, request, ApiFailure.oneLine(String.valueOf(e.getCause())));
            }
        }
        if (!response.isSuccessful()) {
            throw new ApiException(
                    ApiFailure.of(request, response.code(), bytes.problem(), response.header("Retry-After")));
        }
        return true;
    }

    /** Opens a WebSocket to a Pod. */
    public KubeSocket open(KubeRequest request, String protocol) throws ApiException, InterruptedException {
        var socket = new KubeSocket();
        var opening = http.newWebSocketBuilder()
                .uri(WebSocket.toWebSocketUri(URI.create(uri(request))))
                .subprotocol(protocol)
                .connectTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .buildAsync(socket.listener());
        try {
            socket.opened(opening.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
            return socket;
        } catch (InterruptedException e) {
            opening.cancel(true);
            throw e;
        } catch (TimeoutException e) {
            opening.cancel(true);
            throw unanswered(Failure.Kind.TIMEOUT, request, "no answer in time");
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof WebSocketHandshakeException refused) {
                throw new ApiException(
                        ApiFailure.of(request, refused.getResponse().code(), "", null));
            }
            throw unanswered(Failure.Kind.UNREACHABLE, request, ApiFailure.oneLine(String.valueOf(cause)));
        }
    }

    /** Opens a stream of bytes without an end. */
    public AsyncBody stream(KubeRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer)
            throws ApiException, InterruptedException {
        var response =
                await(request, http.consumeBytes(builder(request).forStreaming().build(), consumer));
        if (!response.isSuccessful()) {
            response.body().cancel();
            throw new ApiException(ApiFailure.of(request, response.code(), "", response.header("Retry-After")));
        }
        return response.body();
    }

    private HttpRequest.Builder builder(KubeRequest request) {
        var builder = http.newHttpRequestBuilder().uri(uri(request)).header("Accept", "application/json");
        return request.body().isEmpty() && request.method().equals("GET")
                ? builder
                : builder.method(request.method(), request.contentType(), request.body());
    }

    private String uri(KubeRequest request) {
        var base = config.getMasterUrl();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + request.path();
    }

    private static <T> HttpResponse<T> await(KubeRequest request, CompletableFuture<HttpResponse<T>> future)
            throws ApiException, InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            var kind = cause instanceof HttpTimeoutException ? Failure.Kind.TIMEOUT : Failure.Kind.UNREACHABLE;
            throw unanswered(kind, request, why(cause));
        }
    }

    /** The JVM's exceptions of connections mostly have no message. */
    private static String why(Throwable cause) {
        return switch (cause) {
            case ConnectException _ when cause.getMessage() == null -> "it refuses connections, or does not run";
            case HttpTimeoutException _ -> "it does not answer in time";
            default -> ApiFailure.oneLine(String.valueOf(cause));
        };
    }

    /** No answer that can be read. */
    static ApiException unanswered(Failure.Kind kind, KubeRequest request, String why) {
        return new ApiException(new Failure(
                kind, "The API server cannot be asked to " + request.verb() + " " + request.object() + ": " + why));
    }

    public static JsonNode parse(String json) throws ApiException {
        try {
            return JsonTree.read(json);
        } catch (JacksonException e) {
            throw new ApiException(new Failure(Failure.Kind.REFUSED, "The API server answered what is not JSON."));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
