package gallery;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A controller of Spring WebFlux on reactor-netty: the cases, and before and after each recipe. */
@SpringBootApplication
@RestController
public class Main {
    private static final String UPSTREAM = System.getenv("UPSTREAM");
    private final WebClient client = WebClient.create();

    public static void main(String[] args) {
        var application = new SpringApplication(Main.class);
        application.setDefaultProperties(Map.of("server.port", args[0], "server.address", "127.0.0.1"));
        application.run();
    }

    @GetMapping("/ok")
    Mono<String> ok() {
        return Mono.just("hi");
    }

    @GetMapping("/te-small")
    Mono<ResponseEntity<String>> teSmall() {
        return Mono.just(ResponseEntity.ok().header("Transfer-Encoding", "chunked").body("hi"));
    }

    @GetMapping("/te")
    ResponseEntity<Flux<String>> te() {
        return ResponseEntity.ok().header("Transfer-Encoding", "chunked").body(Flux.just("hello, ", "world"));
    }

    @GetMapping("/te-gzip")
    ResponseEntity<Flux<String>> teGzip() {
        return ResponseEntity.ok().header("Transfer-Encoding", "gzip, chunked").body(Flux.just("hello, ", "world"));
    }

    @GetMapping("/gzip/before")
    ResponseEntity<Flux<DataBuffer>> gzipBefore() {
        return ResponseEntity.ok().header("Transfer-Encoding", "gzip").body(compressed());
    }

    @GetMapping("/gzip/after")
    ResponseEntity<Flux<DataBuffer>> gzipAfter() {
        return ResponseEntity.ok().header("Content-Encoding", "gzip").body(compressed());
    }

    private Flux<DataBuffer> compressed() {
        return client.get().uri(UPSTREAM + "/gzip").header("Accept-Encoding", "gzip")
                .retrieve().bodyToFlux(DataBuffer.class);
    }

    @GetMapping("/204-te")
    Mono<ResponseEntity<Void>> te204() {
        return Mono.just(ResponseEntity.noContent().header("Transfer-Encoding", "chunked").build());
    }

    @GetMapping("/proxy-length")
    Mono<ResponseEntity<String>> proxyLength() {
        return client.get().uri(UPSTREAM + "/length").retrieve().toEntity(String.class);
    }

    @GetMapping("/copy/before")
    Mono<ResponseEntity<String>> copyBefore() {
        var url = UPSTREAM + "/chunked";
        return client.get().uri(url).retrieve().toEntity(String.class);
    }

    @GetMapping("/copy/after")
    Mono<ResponseEntity<String>> copyAfter() {
        var url = UPSTREAM + "/chunked";
        return client.get().uri(url).retrieve().toEntity(String.class).map(answer ->
                ResponseEntity.status(answer.getStatusCode())
                        .contentType(answer.getHeaders().getContentType())
                        .body(answer.getBody()));
    }
}
