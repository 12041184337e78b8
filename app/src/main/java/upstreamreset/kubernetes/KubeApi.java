// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
import upstreamreset.wire.Printable;

/**
 * Plain calls to the API server, one request each. It uses fabric8's configuration, TLS and token renewal, but not its
 * retries, its merges or its typed client, which would load some thousand classes. HTTP/1.1, because a hanging request
 * must not block the next one on the same connection.
 */
public final class KubeApi implements AutoCloseable {
    /** A Pod with a sidecar has some 20 kB, so that a page stays far below the most that is read of one answer. */
    private static final int PAGE = 50;

    private static final int PROXY_AUTHENTICATION = 407;

    private static final int MAX_RETRIES = 3;
    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(5);

    private final Config config;
    private final HttpClient http;
    private final Duration timeout;
    private final int retries;
    private final String proxy;

    /** @param timeout after which a call is abandoned, whoever waits for it */
    public KubeApi(Config config, Duration timeout) {
        this(config, timeout, 0);
    }

    /** @param retries of a call that the API server is too busy for (429), where it says when to come again */
    private KubeApi(Config config, Duration timeout, int retries) {
        this.config = new ConfigBuilder(config)
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .withConnectionTimeout(Math.toIntExact(timeout.toMillis()))
                .build();
        this.http = new JdkHttpClientFactory().newBuilder(this.config).build();
        this.timeout = timeout;
        this.retries = retries;
        this.proxy = proxy(this.config);
    }

    /**
     * For a program that a person waits for.
     *
     * @throws IOException where the configuration cannot be used; the message is one sentence
     */
    public static KubeApi connect(Config config, Duration timeout) throws IOException {
        try {
            return new KubeApi(config, timeout, MAX_RETRIES);
        } catch (KubernetesClientException e) {
            throw new IOException(
                    "the kubeconfig's certificate, key or proxy cannot be used: " + ConnectionFailure.innermost(e), e);
        }
    }

    /** The object that the API server answers with; empty if there is none (404). */
    public Optional<JsonNode> call(KubeRequest request) throws ApiException, InterruptedException {
        for (int left = retries; ; left--) {
            var answer = answer(request, Map.of());
            if (answer.status() == 404) {
                return Optional.empty();
            }
            if (answer.successful()) {
                return Optional.of(parse(answer.text()));
            }
            var retryAfter = answer.field("Retry-After");
            var failure = ApiFailure.of(request, answer.status(), answer.text(), retryAfter.orElse(null));
            boolean again = left > 0
                    && failure.kind() == Failure.Kind.THROTTLED
                    && retryAfter.isPresent()
                    && failure.retryAfter().compareTo(MAX_RETRY_AFTER) <= 0;
            if (!again) {
                throw new ApiException(failure);
            }
            Thread.sleep(failure.retryAfter());
        }
    }

    /**
     * The objects of a list, by pages: one page with all of them may be longer than an answer may be. Empty where there is no such
     * resource (404).
     *
     * @param path with its query, without {@code limit}
     * @param max how many at most
     */
    public Optional<List<JsonNode>> list(String resource, String path, int max)
            throws ApiException, InterruptedException {
        var objects = new ArrayList<JsonNode>();
        var page = path + (path.contains("?") ? "&" : "?") + "limit=" + Math.min(PAGE, max);
        var next = "";
        do {
            var list = call(KubeRequest.list(resource, page + next));
            if (list.isEmpty()) {
                return Optional.empty();
            }
            list.get().path("items").forEach(objects::add);
            var token = list.get().path("metadata").path("continue").asString("");
            next = token.isEmpty() ? "" : "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        } while (!next.isEmpty() && objects.size() < max);
        return Optional.of(objects);
    }

    /** Whatever the API server answers. */
    public KubeAnswer answer(KubeRequest request, Map<String, String> fields)
            throws ApiException, InterruptedException {
        var answer = begin(request, fields);
        if (!answer.whole()) {
            throw unanswered(
                    Failure.Kind.REFUSED, request, "the answer is longer than " + BoundedBody.MAX_BYTES + " bytes");
        }
        return answer;
    }

    /** The same, of a longer body its first bytes: those of an app behind the API server's Pod proxy. */
    public KubeAnswer begin(KubeRequest request, Map<String, String> fields) throws ApiException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        var body = new BoundedBody();
        var builder = builder(request).timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        fields.forEach(builder::setHeader);
        var response = await(request, http.consumeBytes(builder.build(), body), Optional.empty());
        var bytes = body.read(request, response.body(), deadline);
        return new KubeAnswer(response.code(), lowerCase(response.headers()), bytes, !body.tooLong());
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
     * Gives the answer's bytes to {@code sink} as they come, on the HTTP client's thread, until it ends; none once this has returned.
     *
     * @return false if it did not end within {@code atMost}
     */
    public boolean read(KubeRequest request, Consumer<byte[]> sink, Duration atMost)
            throws ApiException, InterruptedException {
        var bytes = new StreamedBody(sink);
        var response =
                await(request, http.consumeBytes(builder(request).forStreaming().build(), bytes), Optional.of(atMost));
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
                throw unanswered(Failure.Kind.UNREACHABLE, request, why(e.getCause() == null ? e : e.getCause()));
            }
        } finally {
            bytes.end();
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
            throw unanswered(Failure.Kind.TIMEOUT, request, "it does not answer in time");
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof WebSocketHandshakeException refused) {
                throw new ApiException(
                        ApiFailure.of(request, refused.getResponse().code(), "", null));
            }
            throw unanswered(Failure.Kind.UNREACHABLE, request, why(cause));
        }
    }

    /** Opens a stream of bytes without an end. */
    public AsyncBody stream(KubeRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer)
            throws ApiException, InterruptedException {
        var response =
                await(request, http.consumeBytes(builder(request).forStreaming().build(), consumer), Optional.empty());
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

    /** @param atMost for an answer to a request without a timeout of its own; else empty */
    private <T> HttpResponse<T> await(
            KubeRequest request, CompletableFuture<HttpResponse<T>> future, Optional<Duration> atMost)
            throws ApiException, InterruptedException {
        try {
            var response =
                    atMost.isEmpty() ? future.get() : future.get(atMost.get().toNanos(), TimeUnit.NANOSECONDS);
            // Without a proxy it is the answer of an app behind the API server's Pod proxy.
            if (response.code() == PROXY_AUTHENTICATION && !proxy.isEmpty()) {
                // It comes without a body.
                throw unanswered(
                        Failure.Kind.FORBIDDEN, request, "the proxy wants a user and a password (407)" + proxy);
            }
            return response;
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (TimeoutException e) {
            future.cancel(true);
            throw unanswered(Failure.Kind.TIMEOUT, request, "it does not answer in time");
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            var kind = cause instanceof HttpTimeoutException ? Failure.Kind.TIMEOUT : Failure.Kind.UNREACHABLE;
            throw unanswered(kind, request, why(cause));
        }
    }

    private String why(Throwable cause) {
        return ConnectionFailure.why(cause) + proxy;
    }

    /** Names the proxy on the way, without its credentials; empty for none. */
    private static String proxy(Config config) {
        var url = config.getMasterUrl().startsWith("http://") ? config.getHttpProxy() : config.getHttpsProxy();
        return url == null || url.isBlank()
                ? ""
                : " (a proxy is configured: "
                        + Printable.words(url.replaceFirst("^[a-z0-9]+://", "").replaceFirst("^.*@", "")) + ")";
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
