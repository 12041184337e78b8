import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/** A handler in Vert.x: the cases, and before and after each recipe. */
public class Main {
    private static final List<String> CHUNKED_TWICE = List.of("chunked", "chunked");
    private static final List<String> TWO_TWICE = List.of("2", "2");
    private static final URI UPSTREAM = URI.create(System.getenv("UPSTREAM"));

    public static void main(String[] args) {
        var vertx = Vertx.vertx();
        var client = vertx.createHttpClient();
        vertx.createHttpServer()
                .requestHandler(request -> handle(request.path(), client, request.response()))
                .listen(Integer.parseInt(args[0]), "127.0.0.1")
                .onFailure(error -> System.exit(1));
    }

    private static void handle(String path, HttpClient client, HttpServerResponse response) {
        switch (path) {
            case "/ok" -> response.putHeader("Content-Type", "text/plain").end("hi");
            case "/stream" -> parts(response.setChunked(true));
            case "/te" -> parts(response.putHeader("Transfer-Encoding", "chunked"));
            case "/te-small" -> response.putHeader("Transfer-Encoding", "chunked").end("hi");
            case "/te-cap" -> parts(response.putHeader("Transfer-Encoding", "Chunked").setChunked(true));
            case "/te-cl" -> response.putHeader("Transfer-Encoding", "chunked").putHeader("Content-Length", "2").end("hi");
            case "/te2" -> parts(response.putHeader("Transfer-Encoding", CHUNKED_TWICE).setChunked(true));
            case "/te-gzip" -> parts(response.putHeader("Transfer-Encoding", "gzip, chunked").setChunked(true));
            case "/204-te" -> response.setStatusCode(204).putHeader("Transfer-Encoding", "chunked").end();
            case "/204-cl" -> response.setStatusCode(204).putHeader("Content-Length", "2").end();
            case "/cl-short" -> response.putHeader("Content-Length", "9").end("hi");
            case "/cl-long" -> response.putHeader("Content-Length", "1").end("hi");
            case "/cl2" -> response.putHeader("Content-Length", TWO_TWICE).end("hi");
            case "/copy/before" -> ask(client, answer -> copyBefore(answer, response));
            case "/copy/after" -> ask(client, answer -> copyAfter(answer, response));
            default -> response.setStatusCode(404).end();
        }
    }

    private static void parts(HttpServerResponse response) {
        response.write("hello, ");
        response.end("world");
    }

    private static void ask(HttpClient client, Consumer<HttpClientResponse> handler) {
        client.request(HttpMethod.GET, UPSTREAM.getPort(), UPSTREAM.getHost(), "/chunked")
                .compose(request -> request.send())
                .onSuccess(handler::accept);
    }

    private static void copyBefore(HttpClientResponse answer, HttpServerResponse response) {
        answer.body().onSuccess(body -> {
            response.headers().addAll(answer.headers());
            response.putHeader("Content-Length", Integer.toString(body.length()));
            response.end(body);
        });
    }

    private static void copyAfter(HttpClientResponse answer, HttpServerResponse response) {
        answer.body().onSuccess(body -> {
            response.putHeader("Content-Type", answer.getHeader("Content-Type"));
            response.putHeader("Content-Length", Integer.toString(body.length()));
            response.end(body);
        });
    }
}
