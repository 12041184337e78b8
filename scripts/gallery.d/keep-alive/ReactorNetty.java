import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

/** reactor-netty: an idle connection before and after the recipe. */
public class ReactorNetty {
    public static void main(String[] args) {
        var server = args[0].equals("before") ? before() : after();
        server.host("127.0.0.1")
                .port(Integer.parseInt(args[1]))
                .handle((request, response) -> response.sendString(Mono.just("hi")))
                .bindNow()
                .onDispose()
                .block();
    }

    private static HttpServer before() {
        var server = HttpServer.create().idleTimeout(Duration.ofSeconds(10));
        return server;
    }

    private static HttpServer after() {
        var server = HttpServer.create().idleTimeout(Duration.ofSeconds(3700));
        return server;
    }
}
