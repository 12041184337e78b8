import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import org.apache.catalina.startup.Tomcat;

/** A servlet in Tomcat: the cases, and before and after each recipe. */
public class Main extends HttpServlet {
    private static final String UPSTREAM = System.getenv("UPSTREAM");
    private final HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(Integer.parseInt(args[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        var context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "main", new Main());
        context.addServletMappingDecoded("/*", "main");
        tomcat.start();
        tomcat.getServer().await();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getRequestURI()) {
            case "/ok" -> {
                response.setContentType("text/plain");
                response.getOutputStream().print("hi");
            }
            case "/stream" -> parts(response);
            case "/te" -> {
                response.setHeader("Transfer-Encoding", "chunked");
                parts(response);
            }
            case "/te-small" -> {
                response.setHeader("Transfer-Encoding", "chunked");
                response.getOutputStream().print("hi");
            }
            case "/te-cap" -> {
                response.setHeader("Transfer-Encoding", "Chunked");
                parts(response);
            }
            case "/te-cl" -> {
                response.setHeader("Transfer-Encoding", "chunked");
                response.setHeader("Content-Length", "2");
                response.getOutputStream().print("hi");
            }
            case "/te-close" -> {
                response.setHeader("Transfer-Encoding", "chunked");
                response.setHeader("Connection", "close");
                parts(response);
            }
            case "/te-gzip" -> {
                response.setHeader("Transfer-Encoding", "gzip, chunked");
                parts(response);
            }
            case "/204-te" -> {
                response.setStatus(204);
                response.setHeader("Transfer-Encoding", "chunked");
            }
            case "/204-cl" -> {
                response.setStatus(204);
                response.setHeader("Content-Length", "2");
            }
            case "/cl-short" -> {
                response.setHeader("Content-Length", "9");
                response.getOutputStream().print("hi");
            }
            case "/cl-long" -> {
                response.setHeader("Content-Length", "1");
                response.getOutputStream().print("hi");
            }
            case "/cl2" -> {
                response.addHeader("Content-Length", "2");
                response.addHeader("Content-Length", "2");
                response.getOutputStream().print("hi");
            }
            case "/copy/before" -> copyBefore(answer(), response);
            case "/copy/after" -> copyAfter(answer(), response);
            case "/copy-flush/before" -> {
                copyBefore(answer(), response);
                response.flushBuffer();
            }
            case "/no-content/before" -> noContentBefore(answer(), response);
            case "/no-content/after" -> noContentAfter(response);
            case "/fails/before" -> failsBefore(response);
            case "/fails/after" -> failsAfter(response);
            default -> response.sendError(404);
        }
    }

    private static void parts(HttpServletResponse response) throws IOException {
        response.getOutputStream().print("hello, ");
        response.flushBuffer();
        response.getOutputStream().print("world");
    }

    private HttpResponse<byte[]> answer() throws IOException {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(UPSTREAM + "/chunked")).build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String rows() {
        throw new IllegalStateException("the database has gone");
    }

    private static void copyBefore(HttpResponse<byte[]> answer, HttpServletResponse response) throws IOException {
        answer.headers().map().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        response.getOutputStream().write(answer.body());
    }

    private static void copyAfter(HttpResponse<byte[]> answer, HttpServletResponse response) throws IOException {
        response.setContentType(answer.headers().firstValue("Content-Type").orElse("application/octet-stream"));
        response.getOutputStream().write(answer.body());
    }

    private static void noContentBefore(HttpResponse<byte[]> answer, HttpServletResponse response) {
        answer.headers().map().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        response.setStatus(204);
    }

    private static void noContentAfter(HttpServletResponse response) {
        response.setStatus(204);
    }

    private static void failsBefore(HttpServletResponse response) throws IOException {
        response.getWriter().write("[");
        response.flushBuffer();
        response.getWriter().write(rows() + "]");
    }

    private static void failsAfter(HttpServletResponse response) throws IOException {
        var body = "[" + rows() + "]";
        response.getWriter().write(body);
    }
}
