import java.io.IOException;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** A handler in Jetty: the cases, and before and after each recipe. */
public class Main extends Handler.Abstract {
    public static void main(String[] args) throws Exception {
        var server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        server.setHandler(new Main());
        server.start();
        server.join();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var body = "hi".getBytes(StandardCharsets.US_ASCII);
        var fields = response.getHeaders();
        boolean parts = false;
        switch (request.getHttpURI().getPath()) {
            case "/ok" -> fields.put("Content-Type", "text/plain");
            case "/stream" -> parts = true;
            case "/te" -> {
                fields.put("Transfer-Encoding", "chunked");
                parts = true;
            }
            case "/te-small" -> fields.put("Transfer-Encoding", "chunked");
            case "/te-cap" -> {
                fields.put("Transfer-Encoding", "Chunked");
                parts = true;
            }
            case "/te-cl" -> {
                fields.put("Transfer-Encoding", "chunked");
                fields.put("Content-Length", "2");
            }
            case "/te-gzip" -> {
                fields.put("Transfer-Encoding", "gzip");
                parts = true;
            }
            case "/te2" -> {
                fields.add("Transfer-Encoding", "chunked");
                fields.add("Transfer-Encoding", "chunked");
                parts = true;
            }
            case "/204-te" -> {
                response.setStatus(204);
                fields.put("Transfer-Encoding", "chunked");
                body = new byte[0];
            }
            case "/204-cl" -> {
                response.setStatus(204);
                fields.put("Content-Length", "2");
                body = new byte[0];
            }
            case "/cl-short" -> fields.put("Content-Length", "9");
            case "/cl-long" -> fields.put("Content-Length", "1");
            case "/cl2" -> {
                fields.add("Content-Length", "2");
                fields.add("Content-Length", "2");
            }
            case "/gzip/before" -> body = gzipBefore(response);
            case "/gzip/after" -> body = gzipAfter(response);
            default -> response.setStatus(404);
        }
        if (parts) {
            response.write(false, ByteBuffer.wrap("hello, ".getBytes(StandardCharsets.US_ASCII)), Callback.from(
                    () -> response.write(true, ByteBuffer.wrap("world".getBytes(StandardCharsets.US_ASCII)), callback),
                    callback::failed));
        } else {
            response.write(true, ByteBuffer.wrap(body), callback);
        }
        return true;
    }

    private static byte[] compressed(String text) {
        try {
            var bytes = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(bytes)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] gzipBefore(Response response) {
        response.getHeaders().put("Transfer-Encoding", "gzip");
        return compressed("hello, world");
    }

    private static byte[] gzipAfter(Response response) {
        response.getHeaders().put("Content-Encoding", "gzip");
        return compressed("hello, world");
    }
}
