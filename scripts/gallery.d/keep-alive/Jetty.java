import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty: an idle connection before and after the recipe. */
public class Jetty extends Handler.Abstract {
    public static void main(String[] args) throws Exception {
        var server = new Server();
        var connector = args[0].equals("before") ? before(server) : after(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[1]));
        server.addConnector(connector);
        server.setHandler(new Jetty());
        server.start();
        server.join();
    }

    private static ServerConnector before(Server server) {
        var connector = new ServerConnector(server);
        return connector;
    }

    private static ServerConnector after(Server server) {
        var connector = new ServerConnector(server);
        connector.setIdleTimeout(3_700_000);
        return connector;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.write(true, ByteBuffer.wrap("hi".getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
    }
}
