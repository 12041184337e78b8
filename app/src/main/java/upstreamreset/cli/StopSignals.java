// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/** The signals that stop a process; unlike the JVM's shutdown hooks, it tells them apart. */
final class StopSignals {
    private StopSignals() {}

    /** Whether this JVM ends by SIGINT, which is Ctrl-C: the JVM names the thread that handles a signal by it. */
    static boolean interrupted() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("SIGINT handler"));
    }

    /**
     * From now on a further signal ends the process at once, with the status of its kind. By reflection: javac warns of each
     * use of this class, and has no other.
     */
    static void endAtTheNext() {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var number = signal.getMethod("getNumber");
            var end = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (_, _, arguments) -> {
                        Runtime.getRuntime().halt(128 + (Integer) number.invoke(arguments[0]));
                        return null;
                    });
            for (var name : List.of("TERM", "INT")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), end);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // A JVM without it: the first signal's end is waited for.
        }
    }
}
