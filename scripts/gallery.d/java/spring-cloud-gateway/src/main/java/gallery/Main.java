package gallery;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway with the routes of application.yaml. */
@SpringBootApplication
public class Main {
    public static void main(String[] args) {
        var application = new SpringApplication(Main.class);
        application.setDefaultProperties(Map.of("server.port", args[0], "server.address", "127.0.0.1"));
        application.run();
    }
}
