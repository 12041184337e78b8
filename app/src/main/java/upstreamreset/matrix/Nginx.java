// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import upstreamreset.process.Program;

/**
 * nginx as an ingress in front of the app: HTTP/1.1 with keep-alive, as ingress-nginx configures it, and otherwise
 * defaults.
 */
record Nginx(Program program) implements ProxyKind {
    private static final Pattern VERSION = Pattern.compile("nginx/(\\S+)");

    static Nginx find(Map<String, String> environment) throws IOException, InterruptedException {
        return new Nginx(Program.find("nginx", environment, List.of("-v"), VERSION));
    }

    @Override
    public String config(Path folder, List<Way> ways) {
        var config = new StringBuilder("""
                daemon off;
                master_process off;
                pid %1$s/pid;
                error_log stderr crit;
                events { worker_connections 4096; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  # A time is there only when the app's head was taken.
                  map $upstream_header_time $from_app { default ""; ~[0-9]$ yes; }
                  add_header %2$s $from_app always;
                """.formatted(folder, FROM_APP));
        for (int i = 0; i < ways.size(); i++) {
            var way = ways.get(i);
            config.append("  upstream app%d { server 127.0.0.1:%d; keepalive 4; }%n".formatted(i, way.port()))
                    .append("  server { listen unix:%s; location / { proxy_pass http://app%d; } }%n"
                            .formatted(way.socket(), i));
        }
        return config.append("}\n").toString();
    }

    @Override
    public List<String> command(Path folder, Path file) {
        return List.of(program.path().toString(), "-p", folder.toString(), "-e", "stderr", "-c", file.toString());
    }
}
