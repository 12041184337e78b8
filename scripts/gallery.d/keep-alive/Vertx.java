import io.vertx.core.http.HttpServerOptions;

/** Vert.x: an idle connection before and after the recipe. */
public class Vertx {
    public static void main(String[] args) {
        io.vertx.core.Vertx.vertx()
                .createHttpServer(args[0].equals("before") ? before() : after())
                .requestHandler(request -> request.response().end("hi"))
                .listen(Integer.parseInt(args[1]), "127.0.0.1")
                .onFailure(error -> System.exit(1));
    }

    private static HttpServerOptions before() {
        var options = new HttpServerOptions().setIdleTimeout(10);
        return options;
    }

    private static HttpServerOptions after() {
        var options = new HttpServerOptions().setIdleTimeout(3700);
        return options;
    }
}
