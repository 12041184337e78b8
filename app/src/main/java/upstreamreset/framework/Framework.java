// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framework;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The web frameworks and servers with recipes, by their common names. */
public enum Framework {
    TOMCAT("Tomcat (servlet)", "servlet"),
    SPRING_MVC("Spring MVC", "spring", "spring-boot"),
    SPRING_RESTCLIENT("Spring RestClient or RestTemplate", "restclient", "resttemplate"),
    SPRING_WEBFLUX("Spring WebFlux", "webflux"),
    SPRING_CLOUD_GATEWAY("Spring Cloud Gateway", "gateway"),
    JETTY("Jetty"),
    UNDERTOW("Undertow", "wildfly"),
    REACTOR_NETTY("reactor-netty"),
    VERTX("Vert.x", "vert.x"),
    GO("Go net/http", "golang", "net/http"),
    NODE("Node http", "nodejs", "node.js"),
    EXPRESS("Express"),
    FASTIFY("Fastify"),
    HTTP_PROXY("http-proxy", "http-proxy-middleware"),
    FASTAPI("FastAPI or Starlette on uvicorn", "starlette", "uvicorn"),
    FLASK("Flask under flask run (werkzeug)", "werkzeug"),
    GUNICORN("gunicorn (WSGI)", "wsgi"),
    AIOHTTP("aiohttp"),
    PUMA("Rack on puma", "rack", "rails"),
    PHP_FPM("PHP-FPM behind nginx", "php"),
    ISTIO("the mesh (Istio)", "mesh");

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> aliases;

    Framework(String title, String... aliases) {
        this.title = title;
        this.aliases = List.of(aliases);
    }

    /** The name in options and JSON: {@code spring-mvc}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    /**
     * The framework of this id or alias.
     *
     * @throws IllegalArgumentException when there is none of this name; the message lists those that there are
     */
    public static Framework named(String name) {
        var wanted = name.strip().toLowerCase(Locale.ROOT);
        for (var each : values()) {
            if (each.id().equals(wanted) || each.aliases.contains(wanted)) {
                return each;
            }
        }
        throw new IllegalArgumentException("there is no framework '" + name + "'; there are " + ids());
    }

    /** All ids, as a list in a sentence. */
    public static String ids() {
        return Arrays.stream(values()).map(Framework::id).collect(Collectors.joining(", "));
    }
}
