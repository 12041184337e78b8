import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** A handler in reactor-netty: the cases, and before and after each recipe. */
public class Main {
    private static final String UPSTREAM = System.getenv("UPSTREAM");
    private static final HttpClient CLIENT = HttpClient.create();

    public static void main(String[] args) {
        HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .handle((request, response) -> answer(request.uri(), response))
                .bindNow()
                .onDispose()
                .block();
    }

    private static Publisher<Void> answer(String path, HttpServerResponse response) {
        return switch (path) {
            case "/ok" -> response.header("Content-Type", "text/plain").sendString(Mono.just("hi"));
            case "/stream" -> parts(response);
            case "/te" -> parts(response.header("Transfer-Encoding", "chunked"));
            case "/te-small" -> response.header("Transfer-Encoding", "chunked").sendString(Mono.just("hi"));
            case "/te-cap" -> parts(response.header("Transfer-Encoding", "Chunked"));
            case "/te-cl" -> response.header("Transfer-Encoding", "chunked").header("Content-Length", "2").sendString(Mono.just("hi"));
            case "/te2" -> parts(response.addHeader("Transfer-Encoding", "chunked").addHeader("Transfer-Encoding", "chunked"));
            case "/te-gzip" -> parts(response.header("Transfer-Encoding", "gzip, chunked"));
            case "/204-te" -> response.status(204).header("Transfer-Encoding", "chunked").send();
            case "/204-cl" -> response.status(204).header("Content-Length", "2").send();
            case "/cl-short" -> response.header("Content-Length", "9").sendString(Mono.just("hi"));
            case "/cl-long" -> response.header("Content-Length", "1").sendString(Mono.just("hi"));
            case "/copy/before" -> copyBefore(response);
            case "/copy/after" -> copyAfter(response);
            default -> response.sendNotFound();
        };
    }

    private static Publisher<Void> parts(HttpServerResponse response) {
        return response.sendString(Flux.just("hello, ", "world"));
    }

    private static Publisher<Void> copyBefore(HttpServerResponse response) {
        return CLIENT.get().uri(UPSTREAM + "/chunked").response((answer, body) -> {
            answer.responseHeaders().forEach(field -> response.addHeader(field.getKey(), field.getValue()));
            return response.send(body.retain());
        });
    }

    private static Publisher<Void> copyAfter(HttpServerResponse response) {
        return CLIENT.get().uri(UPSTREAM + "/chunked").response((answer, body) -> {
            response.header("Content-Type", answer.responseHeaders().get("Content-Type"));
            return response.send(body.retain());
        });
    }
}
