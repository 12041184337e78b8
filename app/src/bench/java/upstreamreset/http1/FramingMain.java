// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link FramingBenchmark} and prints megabytes per second, one line per kind of response; takes JMH's arguments. */
final class FramingMain {
    private FramingMain() {}

    public static void main(String... args) throws RunnerException, CommandLineOptionException {
        var options = new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .include(FramingBenchmark.class.getName())
                .verbosity(VerboseMode.SILENT)
                .build();
        for (var result : new Runner(options).run()) {
            var response = result.getParams().getParam("response");
            double nanos = result.getPrimaryResult().getScore();
            System.out.printf("%s: %.0f%n", response, FramingBenchmark.bytes(response).length * 1e3 / nanos);
        }
    }
}
