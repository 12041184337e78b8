package gallery;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** A controller of Spring MVC: the cases, and before and after each recipe. */
@SpringBootApplication
@RestController
public class Main {
    private static final String UPSTREAM = System.getenv("UPSTREAM");
    private final RestClient client = RestClient.create();

    public static void main(String[] args) {
        var application = new SpringApplication(Main.class);
        application.setDefaultProperties(Map.of("server.port", args[0], "server.address", "127.0.0.1"));
        application.run();
    }

    @GetMapping("/ok")
    String ok() {
        return "hi";
    }

    @GetMapping("/te-small")
    ResponseEntity<String> teSmall() {
        return ResponseEntity.ok().header("Transfer-Encoding", "chunked").body("hi");
    }

    @GetMapping("/te-json")
    ResponseEntity<Map<String, Integer>> teJson() {
        return ResponseEntity.ok().header("Transfer-Encoding", "chunked").body(Map.of("a", 1));
    }

    @GetMapping("/204-te")
    ResponseEntity<Void> te204() {
        return ResponseEntity.noContent().header("Transfer-Encoding", "chunked").build();
    }

    @GetMapping("/proxy-length")
    ResponseEntity<String> proxyLength() {
        return client.get().uri(UPSTREAM + "/length").retrieve().toEntity(String.class);
    }

    @GetMapping("/chunked/before")
    ResponseEntity<String> chunkedBefore() {
        return ResponseEntity.ok().header("Transfer-Encoding", "chunked").body("hello, world");
    }

    @GetMapping("/chunked/after")
    ResponseEntity<String> chunkedAfter() {
        return ResponseEntity.ok().body("hello, world");
    }

    @GetMapping("/copy/before")
    ResponseEntity<String> copyBefore() {
        var url = UPSTREAM + "/chunked";
        return client.get().uri(url).retrieve().toEntity(String.class);
    }

    @GetMapping("/copy/after")
    ResponseEntity<String> copyAfter() {
        var url = UPSTREAM + "/chunked";
        var answer = client.get().uri(url).retrieve().toEntity(String.class);
        return ResponseEntity.status(answer.getStatusCode())
                .contentType(answer.getHeaders().getContentType())
                .body(answer.getBody());
    }

    @GetMapping("/no-content/before")
    ResponseEntity<Void> noContentBefore() {
        var answer = client.get().uri(UPSTREAM + "/chunked").retrieve().toBodilessEntity();
        return ResponseEntity.status(HttpStatus.NO_CONTENT).headers(answer.getHeaders()).build();
    }

    @GetMapping("/no-content/after")
    ResponseEntity<Void> noContentAfter() {
        client.get().uri(UPSTREAM + "/chunked").retrieve().toBodilessEntity();
        return ResponseEntity.noContent().build();
    }
}
