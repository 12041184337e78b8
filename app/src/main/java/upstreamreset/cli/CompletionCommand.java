// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code completion}: a shell's script, which asks {@link Completion} at each tab. */
final class CompletionCommand extends Command {
    static final String NAME = "completion";

    static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    private final List<String> shells = new ArrayList<>();

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Prints the script that completes upstream-reset's command lines in a shell: commands, options, scenarios,"
                                + " causes, contexts and Pods.")
                .footer(
                        "%nExamples:",
                        "  source <(upstream-reset completion bash)",
                        "  upstream-reset completion zsh > ~/.zfunc/_upstream-reset     (a folder of fpath)",
                        "  upstream-reset completion fish > ~/.config/fish/completions/upstream-reset.fish");
        syntax.operands("SHELL", 1, shells)
                .index("0")
                .arity("1")
                .hideParamSyntax(true)
                .description(String.join(", ", SHELLS) + ".");
    }

    @Override
    public Integer call() {
        var shell = shells.getFirst();
        if (!SHELLS.contains(shell)) {
            throw misuse("SHELL is bash, zsh or fish, not '" + shell + "'");
        }
        try (var script = CompletionCommand.class.getResourceAsStream("completion." + shell)) {
            if (script == null) {
                throw new IllegalStateException("this build has no completion." + shell);
            }
            out().print(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Main.CLEAN;
    }
}
