// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.framework.Recognition.Certainty;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;

class RecognitionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK / X-Powered-By: Express / Content-Length: 0 | EXPRESS | X-Powered-By: Express
            HTTP/1.1 200 OK / date: x / server: uvicorn / content-length: 0 | FASTAPI | server: uvicorn
            HTTP/1.0 200 OK / Server: Werkzeug/3.1.9 Python/3.11.7 / Content-Length: 0 | FLASK | Server: Werkzeug/3.1.9 Python/3.11.7
            HTTP/1.1 200 OK / Server: Python/3.11 aiohttp/3.14.5 / Content-Length: 0 | AIOHTTP | Server: Python/3.11 aiohttp/3.14.5
            HTTP/1.1 200 OK / Server: nginx/1.22.1 / X-Powered-By: PHP/8.2.36 / Content-Length: 0 | PHP_FPM | X-Powered-By: PHP/8.2.36
            HTTP/1.1 200 OK / Server: Jetty(12.1.14) / Content-Length: 0 | JETTY | Server: Jetty(12.1.14)
            """)
    void aFieldThatNamesItIsCertain(String head, Framework framework, String evidence) {
        assertThat(of(head)).contains(new Recognition(framework, Certainty.SAYS, evidence));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200  / Content-Type: text/plain / Content-Length: 0 / Date: x | TOMCAT
            HTTP/1.1 502  / Transfer-Encoding: chunked / Transfer-Encoding: chunked / Date: x / Connection: close | TOMCAT
            HTTP/1.1 200  / date: x / transfer-encoding: chunked / Content-Type: a / Transfer-Encoding: chunked | TOMCAT
            HTTP/1.1 200 OK / Content-Type: a / Date: x / Connection: keep-alive / Keep-Alive: timeout=5 / Content-Length: 0 |
            HTTP/1.1 200 OK / Content-Type: a / Content-Length: 0 / Date: x / Connection: keep-alive / Keep-Alive: timeout=5 | NODE
            HTTP/1.1 200 OK / content-length: 0 / Date: x / Connection: keep-alive / Keep-Alive: timeout=72 | FASTIFY
            HTTP/1.1 200 OK / Content-Type: a / Date: x / Content-Length: 0 | GO
            HTTP/1.1 200 OK / Transfer-Encoding: Chunked / Date: x / Transfer-Encoding: chunked | GO
            HTTP/1.1 200 OK / Connection: keep-alive / Content-Length: 0 / Date: x | UNDERTOW
            """)
    void habitsOnlyLookLikeIt(String head, Framework framework) {
        var seen = of(head);

        assertThat(seen.map(Recognition::framework)).isEqualTo(Optional.ofNullable(framework));
        assertThat(seen.stream()).allMatch(each -> each.certainty() == Certainty.LOOKS_LIKE);
        assertThat(seen.stream()).allMatch(each -> each.text().startsWith("looks like "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK / Server: nginx/1.22.1 / Date: x / Content-Length: 0
            HTTP/1.1 200 OK / server: istio-envoy / Content-Type: a / Date: x / Content-Length: 0
            HTTP/1.1 200 / Content-Length: 0 / date: x / server: hypercorn-h11
            HTTP/1.1 200 OK / Content-Length: 0
            HTTP/1.1 200 OK / Date: x / Content-type: a / Content-length: 0
            HTTP/1.0 200  / Content-Length: 0 / Date: x
            HTTP/1.1 200 / Content-Length: 0 / Date: x
            HTTP/1.1 200  / Content-Length: 0
            HTTP/1.1 200  / Date: x / Content-Length: 0
            HTTP/1.1 200  / Content-Type: a / Transfer-Encoding: chunked / date: x
            NONSENSE
            """)
    void whatSomebodyElseMayHaveSentIsNotNamed(String head) {
        assertThat(of(head)).isEmpty();
    }

    @Test
    void anUnknownNameListsThoseThatThereAre() {
        assertThatThrownBy(() -> Framework.named("rocket"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no framework 'rocket'; there are tomcat, spring-mvc, ")
                .hasMessageContaining("php-fpm");
        assertThat(Framework.named("Spring-Boot")).isEqualTo(Framework.SPRING_MVC);
        assertThat(Framework.named("starlette")).isEqualTo(Framework.FASTAPI);
    }

    private static Optional<Recognition> of(String head) {
        var bytes = (head.replace(" / ", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return Recognition.of(ResponseReader.read("GET", bytes, CloseReason.OPEN));
    }
}
