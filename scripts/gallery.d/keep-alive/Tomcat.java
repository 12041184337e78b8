import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.catalina.connector.Connector;

/** Tomcat: an idle connection before and after the recipe. */
public class Tomcat extends HttpServlet {
    public static void main(String[] args) throws Exception {
        var tomcat = new org.apache.catalina.startup.Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(Integer.parseInt(args[1]));
        var connector = tomcat.getConnector();
        connector.setProperty("address", "127.0.0.1");
        if (args[0].equals("before")) {
            before(connector);
        } else {
            after(connector);
        }
        var context = tomcat.addContext("", null);
        org.apache.catalina.startup.Tomcat.addServlet(context, "main", new Tomcat());
        context.addServletMappingDecoded("/*", "main");
        tomcat.start();
        tomcat.getServer().await();
    }

    private static void before(Connector connector) {
        connector.setProperty("connectionTimeout", "20000");
    }

    private static void after(Connector connector) {
        connector.setProperty("connectionTimeout", "20000");
        connector.setProperty("keepAliveTimeout", "3700000");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getOutputStream().print("hi");
    }
}
