// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import upstreamreset.wire.Printable;

/**
 * Configures logging: to stderr, one line each; our loggers from INFO, the libraries' from WARN; at most a fixed number
 * of each kind a minute.
 *
 * <p>It is code that Logback finds as a service: reading XML would cost a tenth of the start.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {
    /** Of fabric8: a credential plugin that fails, and a WebSocket that the other side has closed first. We say both, where they matter. */
    private static final List<String> SAID_BY_US = List.of(
            "io.fabric8.kubernetes.client.internal.KubeConfigUtils",
            "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl");

    private static final Duration FLUSH = Duration.ofSeconds(1);

    private static volatile @Nullable LogOutput queue;

    /** From now on, logging threads do not wait for the reader of stderr. */
    static void queue() {
        queue = new LogOutput(System.err);
    }

    /** Writes the queued lines, for a second at most. */
    static void flush() throws InterruptedException {
        var output = queue;
        if (output != null) {
            output.flush(FLUSH);
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var appender = new Stderr();
        appender.setContext(context);
        appender.setName("stderr");
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("upstreamreset").setLevel(Level.INFO);
        SAID_BY_US.forEach(each -> context.getLogger(each).setLevel(Level.OFF));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** A record as one line, a stack trace below it; both may quote the wire. */
    private static final class Stderr extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                        "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
                .withZone(ZoneId.systemDefault());

        private final LogLimit limit = new LogLimit(System.nanoTime());

        @Override
        protected void append(ILoggingEvent event) {
            var decision = limit.next(event.getLoggerName() + " " + event.getMessage(), System.nanoTime());
            if (decision.leftOutBefore() > 0) {
                write("Log lines left out in the minute before, because there were too many of their kind: "
                        + decision.leftOutBefore() + "\n");
            }
            if (decision.logged()) {
                write(text(event));
            }
        }

        private static String text(ILoggingEvent event) {
            var name = event.getLoggerName();
            var line = "%s %-5s %s: %s\n"
                    .formatted(
                            TIME.format(event.getInstant()),
                            event.getLevel(),
                            name.substring(name.lastIndexOf('.') + 1),
                            Printable.line(event.getFormattedMessage()));
            var thrown = event.getThrowableProxy();
            return thrown == null ? line : line + Printable.lines(ThrowableProxyUtil.asString(thrown));
        }

        private static void write(String lines) {
            var output = queue;
            if (output == null) {
                System.err.print(lines);
            } else {
                output.add(lines);
            }
        }
    }
}
