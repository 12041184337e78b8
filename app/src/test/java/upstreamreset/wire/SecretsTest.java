// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private static final String SECRET = "S3cr3tOf42Bytes";
    private static final String[] BEFORE = {
        "\r\nX: a\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "Host: a:80\r\n", "\n", "Cookie:\r\n", "\r\n\r\n", "X: a\r", "\r"
    };
    private static final String[] SEPARATORS = {
        ":",
        ": ",
        ":\t",
        " : ",
        ": Bearer ",
        ":\r\n ",
        ": a\r\n\t",
        ": a\rb ",
        " ",
        "\t",
        "=",
        " = ",
        " Bearer ",
        "\0: ",
        ";",
        "\0",
        "\r: ",
        "2: ",
        "\": \"",
        "\u00e4: ",
        " a\r\n "
    };

    @Test
    void aSecretIsHiddenWhateverItsLineLooksLikeAndWhereverItIsCut() {
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            var name = Secrets.FIELDS.get(random.nextInt(Secrets.FIELDS.size()));
            name = random.nextBoolean() ? name.toUpperCase(Locale.ROOT) : name;
            var sent = "A: b\r\n" + BEFORE[random.nextInt(BEFORE.length)] + name
                    + SEPARATORS[random.nextInt(SEPARATORS.length)] + SECRET + "\r\nX: shown\r\n";
            var shown = inPieces(sent, random);
            assertThat(shown)
                    .as(sent)
                    .hasSameSizeAs(sent)
                    .doesNotContain(SECRET)
                    .endsWith("\r\nX: shown\r\n");
        }
    }

    @Test
    void whatIsNoCredentialStays() {
        var sent = "HTTP/1.1 200 OK\r\nX-Cookie: a\r\nCookies: b\r\n c\r\n\r\n body";
        assertThat(new String(Secrets.bytes(bytes(sent)), StandardCharsets.ISO_8859_1))
                .isEqualTo(sent);
        assertThat(Secrets.value("Content-Type", "a")).isEqualTo("a");
        assertThat(Secrets.text("no cookie here")).isEqualTo("no cookie here");
    }

    @Test
    void aQuerysCredentialsAreHiddenAndItsOtherValuesStay() {
        var sent =
                "GET /a?n=5&access_token=%s&page=2;API-Key=%s#f HTTP/1.1\r\nReferer: http://a/?to=/b?sig=%s\r\n\r\na=b&token=c"
                        .replace("%s", SECRET);
        var shown =
                "GET /a?n=5&access_token=%s&page=2;API-Key=%s#f HTTP/1.1\r\nReferer: http://a/?to=/b?sig=%s\r\n\r\na=b&token=c"
                        .replace("%s", "*".repeat(SECRET.length()));
        assertThat(inPieces(sent, new Random(17))).isEqualTo(shown);
        assertThat(Secrets.target("/a?q=\u00e4&password=\u00e4" + SECRET + "&n=1"))
                .isEqualTo("/a?q=\u00e4&password=" + "*".repeat(1 + SECRET.length()) + "&n=1");
        assertThat(Secrets.target("/token=a")).isEqualTo("/token=a");
        assertThat(Secrets.target("/a?token=\u0126" + SECRET)).isEqualTo("/a?token=" + "*".repeat(1 + SECRET.length()));
        for (var separator : new String[] {"&", ";", "&amp;"}) {
            assertThat(Secrets.queries("GET /a?n=1" + separator + "token=" + SECRET + " HTTP/1.1"))
                    .doesNotContain(SECRET)
                    .endsWith("* HTTP/1.1");
        }
        assertThat(Secrets.value("Location", "/b?code=x")).isEqualTo("/b?code=*");
    }

    @Test
    void behindMissingBytesTheRestOfALineOfTextIsHidden() {
        assertThat(afterGap("ession=" + SECRET + "\r\nHost: a\r\n")).isEqualTo("*".repeat(22) + "\r\nHost: a\r\n");
        for (var shown : new String[] {"GET /3 HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", "\0\1a\n", "\r\nX: a\r\n"}) {
            assertThat(afterGap(shown)).isEqualTo(shown);
        }
        // A body without a line end: what answers next is shown.
        assertThat(afterGap("{\"a\":", "1}", "HTTP/1.1 200 OK\r\n")).isEqualTo("*******HTTP/1.1 200 OK\r\n");
        assertThat(afterGap("ession=", SECRET, "\r\n b\r\nX: a\r\n"))
                .isEqualTo("*".repeat(7 + SECRET.length()) + "\r\n *\r\nX: a\r\n");
    }

    private static String afterGap(String... pieces) {
        var secrets = new Secrets();
        secrets.next(bytes("GET / HTTP/1.1\r\nCookie: a"));
        secrets.gap();
        var shown = new StringBuilder();
        for (var piece : pieces) {
            shown.append(new String(secrets.next(bytes(piece)), StandardCharsets.ISO_8859_1));
        }
        return shown.toString();
    }

    @Test
    void textHidesWhatFollowsTheName() {
        assertThat(Secrets.text("< Set-Cookie: a=b")).isEqualTo("< Set-Cookie: ***");
        assertThat(Secrets.text("{\"authorization\":\"Bearer x\"}")).isEqualTo("{\"authorization\":***********");
    }

    @Test
    void textHidesTheValueOfAFieldThatNghttp2Quotes() {
        var quoted = "frame type: 1, stream: 1, name: [%s], value: [";
        for (var name : new String[] {"authorization", "set-cookie ", "Set-Cookie", "cookie\r"}) {
            var field = quoted.formatted(name);
            assertThat(Secrets.text(field + "a]b\rc]")).isEqualTo(field + "*****]");
            assertThat(Secrets.text(field + "abc")).isEqualTo(field + "***");
            assertThat(Secrets.text(quoted.formatted("x") + "1]; " + field + "abc]\"}"))
                    .isEqualTo(quoted.formatted("x") + "1]; " + field + "***]\"}");
        }
        assertThat(Secrets.text(quoted.formatted("connection") + "close]"))
                .isEqualTo(quoted.formatted("connection") + "close]");
    }

    @Test
    void aSignThatComesLateIsShown() {
        assertThat(new String(Secrets.bytes(bytes("Cookie : a:b\r\n")), StandardCharsets.ISO_8859_1))
                .isEqualTo("Cookie : ***\r\n");
    }

    @Test
    void textWithoutASignHidesWhatBeginsAsACredential() {
        assertThat(Secrets.text("> Authorization Bearer abc")).isEqualTo("> Authorization **********");
        assertThat(Secrets.text("an authorization policy refused")).isEqualTo("an authorization policy refused");
    }

    @Test
    void everythingIsShownWhereThatIsAskedFor() {
        var sent = bytes("Cookie: a\r\n");
        assertThat(Secrets.<byte[]>showing(() -> Secrets.bytes(sent))).isEqualTo(sent);
        assertThat(Secrets.bytes(sent)).isEqualTo(bytes("Cookie: *\r\n"));
    }

    private static String inPieces(String sent, Random random) {
        var bytes = bytes(sent);
        var shown = new ByteArrayOutputStream();
        var secrets = new Secrets();
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
            shown.writeBytes(secrets.next(Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        return shown.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
