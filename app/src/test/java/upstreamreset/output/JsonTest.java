// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTest {
    private static final String ALL = """
            {"text":"a\\"b","long":-9223372036854775808,"double":0.1,"yes":true,"none":[],"some":["[","{",""],\
            "empty":{},"object":{"a":1,"b":{"c":"}"}},"objects":[{"n":1,"inner":[{}]},{"n":2,"inner":[]}],"last":"é\\u202E"}\
            """;

    @Test
    void fieldsStandInTheOrderOfTheCalls() {
        assertThat(Json.object(JsonTest::all)).isEqualTo(ALL);
    }

    private static void all(Json json) {
        json.field("text", "a\"b");
        json.field("long", Long.MIN_VALUE);
        json.field("double", 0.1);
        json.field("yes", true);
        json.strings("none", List.of());
        json.strings("some", List.of("[", "{", ""));
        json.object("empty", _ -> {});
        json.object("object", object -> {
            object.field("a", 1);
            object.object("b", b -> b.field("c", "}"));
        });
        json.objects("objects", List.of(1, 2), n -> {
            json.field("n", n);
            json.objects("inner", n == 1 ? List.of(0) : List.of(), _ -> {});
        });
        json.field("last", "é\u202E");
    }

    @Test
    void anObjectIsALine() {
        var out = new StringWriter();
        var printer = new PrintWriter(out);
        Json.print(printer, json -> json.field("a", "\n"));
        Json.print(printer, _ -> {});
        assertThat(out.toString()).isEqualTo("{\"a\":\"\\n\"}\n{}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {ALL, "[]", "[null,true,[1.5e300,[{}]]]", "\"a\"", "7", "{\"a\":null}"})
    void aTreeIsWrittenAsItWasRead(String text) {
        var tree = JsonTree.read(text);
        assertThat(JsonTree.text(tree)).isEqualTo(text.replace("1.5e300", "1.5E300"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,]", "{} {}", "nul", "{\"a\":99999999999999999999}"})
    void whatIsNotOneValueIsRefused(String text) {
        assertThatThrownBy(() -> JsonTree.read(text)).isInstanceOf(JacksonException.class);
    }
}
