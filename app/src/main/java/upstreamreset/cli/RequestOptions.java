// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.wire.Bytes;

/** The options that make a request, as curl's do: {@code --request}, {@code --header} and {@code --data}. */
final class RequestOptions {
    final List<String> headers = new ArrayList<>();
    final List<String> data = new ArrayList<>();
    private @Nullable String method;

    /** {@code ofMethod} and {@code ofHeader} are sentences of the command's own on these; empty for none. */
    void addTo(Syntax syntax, String ofMethod, String ofHeader) {
        syntax.option("--request", "METHOD", String.class, value -> method = value)
                .names("-X", "--request")
                .description("The request's method. Default: GET, or POST with --data." + ofMethod);
        syntax.repeated("--header", "LINE", String.class, headers)
                .names("-H", "--header")
                .description("A header field of the request, 'Name: value'. Repeatable." + ofHeader);
        syntax.repeated("--data", "TEXT", String.class, data)
                .names("-d", "--data")
                .description("The body of the request, as in curl: @FILE reads a file and removes its line ends, @-"
                        + " reads stdin; several are joined by &.");
    }

    /** The files that the body is read from, - for stdin. */
    Stream<String> files() {
        return data.stream().filter(text -> text.startsWith("@")).map(text -> text.substring(1));
    }

    /** The body, null without {@code --data}. */
    @Nullable
    Bytes body(InputStream stdin) throws IOException {
        return data.isEmpty() ? null : new GivenText(stdin).data(data);
    }

    /**
     * The request with {@code body}, and with {@code more} fields behind the given ones.
     *
     * @throws IllegalArgumentException when it would not be one request; the message says why
     */
    ProbeRequest request(@Nullable Bytes body, List<String> more) {
        var fields = new ArrayList<>(headers);
        fields.addAll(more);
        return ProbeRequest.of(method, fields, body);
    }
}
