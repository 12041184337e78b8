// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {
    private record Result(int code, String out, String err) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port    | 65536      | port 65536 is not between 0 and 65535
            --port    | -1         | port -1 is not between 0 and 65535
            --port    | http       | --port expects a whole number, not 'http'
            --port    | 99999999999| --port expects a whole number, not '99999999999'
            --chunks  | 0          | chunks 0 is not between 1 and 10000
            --chunks  | -5         | chunks -5 is not between 1 and 10000
            --chunks  | 10001      | chunks 10001 is not between 1 and 10000
            --chunks  | 1.5        | --chunks expects a whole number, not '1.5'
            --period  | 0          | period of 0s is not between 1ms and 1m
            --period  | -1s        | --period expects a time such as 250ms, 1.5s or 2 (seconds), not '-1s'
            --period  | 61         | period of 1m1s is not between 1ms and 1m
            --period  | 999999999h | period of 2562047h47m16.854775807s is not between 1ms and 1m
            --period  | soon       | --period expects a time such as 250ms, 1.5s or 2 (seconds), not 'soon'
            --drain   | 2h         | drain of 2h is not between 0s and 1h
            --host    | ''         | host is empty: expected an address such as 127.0.0.1 or 0.0.0.0
            """)
    void aWrongValueIsOneSentenceAndAHint(String option, String value, String sentence) {
        assertThat(run(option + "=" + value))
                .isEqualTo(new Result(
                        Main.USAGE,
                        "",
                        "upstream-reset serve: " + sentence + "\nTry 'upstream-reset serve --help'.\n"));
    }

    @Test
    void aTakenPortSaysWhoHasItAndFails() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--port", Integer.toString(other.getLocalPort())))
                    .isEqualTo(new Result(
                            Main.UNREAD,
                            "",
                            "upstream-reset serve: cannot listen on 127.0.0.1:" + other.getLocalPort()
                                    + ": the port is taken by process "
                                    + ProcessHandle.current().pid()
                                    + " (java). Stop that, or choose another port (0 takes any free one).\n"));
        }
    }

    private static Result run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(
                new PrintWriter(out),
                new PrintWriter(err),
                Stream.concat(Stream.of("serve"), Stream.of(arguments)).toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }
}
