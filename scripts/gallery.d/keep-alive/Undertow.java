import io.undertow.UndertowOptions;

/** Undertow: an idle connection before and after the recipe. */
public class Undertow {
    public static void main(String[] args) {
        var builder = io.undertow.Undertow.builder()
                .addHttpListener(Integer.parseInt(args[1]), "127.0.0.1")
                .setHandler(exchange -> exchange.getResponseSender().send("hi"));
        if (args[0].equals("before")) {
            before(builder);
        } else {
            after(builder);
        }
        builder.build().start();
    }

    private static void before(io.undertow.Undertow.Builder builder) {
        builder.setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 10_000);
    }

    private static void after(io.undertow.Undertow.Builder builder) {
        builder.setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 3_700_000);
    }
}
