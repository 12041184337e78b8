import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A handler in Undertow: the cases, and before and after each recipe. */
public class Main {
    private static final String UPSTREAM = System.getenv("UPSTREAM");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] args) {
        Undertow.builder()
                .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1", new BlockingHandler(Main::handle))
                .build()
                .start();
    }

    private static void handle(HttpServerExchange exchange) throws Exception {
        var fields = exchange.getResponseHeaders();
        switch (exchange.getRequestPath()) {
            case "/ok" -> {
                fields.put(Headers.CONTENT_TYPE, "text/plain");
                exchange.getResponseSender().send("hi");
            }
            case "/stream" -> parts(exchange);
            case "/te" -> {
                fields.put(Headers.TRANSFER_ENCODING, "chunked");
                parts(exchange);
            }
            case "/te-small" -> {
                fields.put(Headers.TRANSFER_ENCODING, "chunked");
                exchange.getResponseSender().send("hi");
            }
            case "/te-cap" -> {
                fields.put(Headers.TRANSFER_ENCODING, "Chunked");
                parts(exchange);
            }
            case "/te-cl" -> {
                fields.put(Headers.TRANSFER_ENCODING, "chunked");
                fields.put(Headers.CONTENT_LENGTH, "2");
                exchange.getResponseSender().send("hi");
            }
            case "/te2" -> {
                fields.add(Headers.TRANSFER_ENCODING, "chunked");
                fields.add(Headers.TRANSFER_ENCODING, "chunked");
                parts(exchange);
            }
            case "/te-gzip" -> {
                fields.put(Headers.TRANSFER_ENCODING, "gzip");
                parts(exchange);
            }
            case "/204-te" -> {
                exchange.setStatusCode(204);
                fields.put(Headers.TRANSFER_ENCODING, "chunked");
            }
            case "/204-cl" -> {
                exchange.setStatusCode(204);
                fields.put(Headers.CONTENT_LENGTH, "2");
            }
            case "/copy/before" -> copyBefore(answer(), exchange);
            case "/copy/after" -> copyAfter(answer(), exchange);
            case "/gzip/before" -> gzipBefore(exchange);
            case "/gzip/after" -> gzipAfter(exchange);
            default -> exchange.setStatusCode(404);
        }
        exchange.endExchange();
    }

    private static void parts(HttpServerExchange exchange) throws IOException {
        exchange.getOutputStream().write("hello, ".getBytes(StandardCharsets.US_ASCII));
        exchange.getOutputStream().flush();
        exchange.getOutputStream().write("world".getBytes(StandardCharsets.US_ASCII));
        exchange.getOutputStream().close();
    }

    private static HttpResponse<byte[]> answer() throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(UPSTREAM + "/chunked")).build(), BodyHandlers.ofByteArray());
    }

    private static byte[] compressed(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void copyBefore(HttpResponse<byte[]> answer, HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "chunked");
        answer.headers().map().forEach((name, values) -> exchange.getResponseHeaders().addAll(HttpString.tryFromString(name), values));
        exchange.getOutputStream().write(answer.body());
        exchange.getOutputStream().flush();
    }

    private static void copyAfter(HttpResponse<byte[]> answer, HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, answer.headers().firstValue("Content-Type").orElse(""));
        exchange.getOutputStream().write(answer.body());
        exchange.getOutputStream().flush();
    }

    private static void gzipBefore(HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "gzip");
        exchange.getOutputStream().write(compressed("hello, world"));
    }

    private static void gzipAfter(HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, "gzip");
        exchange.getOutputStream().write(compressed("hello, world"));
    }
}
