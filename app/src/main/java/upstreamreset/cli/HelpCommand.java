// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;

/** {@code help}: prints the {@code --help} of the program or of a command. */
final class HelpCommand extends Command {
    private final List<String> commands = new ArrayList<>();

    @Override
    void describe(Syntax syntax) {
        syntax.help().description("Prints the help of a command, or this program's.");
        syntax.operands("[COMMAND]", 0, commands)
                .index("0")
                .arity("0..1")
                .hideParamSyntax(true)
                .description("The command.");
    }

    @Override
    public Integer call() {
        if (commands.isEmpty()) {
            return Main.run(out(), err(), "--help");
        }
        var command = commands.getFirst();
        if (!Main.COMMANDS.containsKey(command)) {
            throw misuse(Misuse.noCommand(command, Main.COMMANDS.keySet()));
        }
        return Main.run(out(), err(), command, "--help");
    }
}
