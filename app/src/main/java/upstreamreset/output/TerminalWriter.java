// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes text to a terminal, line by line: it colours verdicts, rules and guilty bytes, and wraps prose with its own
 * indentation. It never wraps text that people copy or compare: commands, bytes, log lines, tables and JSON. It
 * recognises a line only by its shape, so that commands format their output only once.
 */
public final class TerminalWriter extends Writer {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** A line of bytes: its mark, its offset, its text (verdict.WireListing). */
    private static final Pattern BYTES = Pattern.compile("\\s*(> +)?\\d+  .*|\\s*> +\\d+ *");

    private static final Pattern GUILTY = Pattern.compile("\\s*> +\\d+.*");
    private static final Pattern COMMAND = Pattern.compile("\\s*\\$ .*");

    /** A log line, JSON, or an annotation of GitHub Actions. */
    private static final Pattern LOG_OR_JSON = Pattern.compile("\\s*(\\[\\d{4}-|[{}\\]\"]|::[a-z]).*");

    /** Columns that blanks part. */
    private static final Pattern TABLE = Pattern.compile("\\s*\\S.* {3,}\\S.*");

    private static final Pattern RULE =
            Pattern.compile("\\s*(?:(?:error|warning|note) )?([a-z0-9]+(?:-[a-z0-9]+)+) \\(.*");
    private static final Pattern CAUSE_ID = Pattern.compile("\\[[a-z0-9]+(-[a-z0-9]+)+]$");
    private static final Pattern LABEL = Pattern.compile("^\\s*(cause|fix|rule|error|warning)(?=[: ])");
    private static final Pattern VERDICT = Pattern.compile(
            "(?<=→ )\\d{3}(?: [A-Z]{2,5}(?:,[A-Z]{2,5})*(?= |$))?|\\b[45]\\d\\d [A-Z]{2,4}\\b|\\bresets-(?:before|after)\\b"
                    + "|\\bpasses\\b|matches the catalogue$|differs from the catalogue");
    private static final Pattern HANGING = Pattern.compile("\\s*(?:(?:-|\\d+\\.) |[a-z]+: +)?");

    private final Writer out;
    private final Terminal terminal;
    private final StringBuilder line = new StringBuilder();

    /** Lines for {@code terminal} into {@code out}. */
    public TerminalWriter(Writer out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == '\n') {
                line();
                out.write('\n');
            } else {
                line.append(text[i]);
            }
        }
    }

    private void line() throws IOException {
        var text = line.toString();
        line.setLength(0);
        boolean whole = !terminal.isTerminal()
                || text.length() <= terminal.columns()
                || BYTES.matcher(text).matches()
                || COMMAND.matcher(text).matches()
                || LOG_OR_JSON.matcher(text).matches()
                || TABLE.matcher(text.substring(beginning(text))).matches();
        out.write(coloured(whole ? text : wrapped(text)));
    }

    private String wrapped(String text) {
        int indent = Math.min(beginning(text), terminal.columns() / 2);
        var wrapped = new StringBuilder();
        int from = 0;
        int room = terminal.columns();
        while (text.length() - from > room) {
            int end = text.lastIndexOf(' ', from + room);
            if (end <= from + (from == 0 ? indent : 0)) {
                // A word that is longer than the line.
                end = text.indexOf(' ', from + room);
                if (end < 0) {
                    break;
                }
            }
            wrapped.append(text.substring(from, end).stripTrailing())
                    .append('\n')
                    .append(" ".repeat(indent));
            from = end + 1;
            room = terminal.columns() - indent;
        }
        return wrapped.append(text, from, text.length()).toString();
    }

    /** The beginning of a line's text: after blanks, a list marker, a label. */
    private static int beginning(String text) {
        var start = HANGING.matcher(text);
        return start.lookingAt() ? start.end() : 0;
    }

    private String coloured(String text) {
        if (!terminal.colour() || LOG_OR_JSON.matcher(text).matches()) {
            return text;
        }
        if (BYTES.matcher(text).matches()) {
            return GUILTY.matcher(text).matches() ? RED + text + PLAIN : text;
        }
        if (COMMAND.matcher(text).matches()) {
            return CYAN + text + PLAIN;
        }
        var rule = RULE.matcher(text);
        var result = text;
        if (rule.lookingAt()) {
            result = text.substring(0, rule.start(1)) + BOLD + rule.group(1) + PLAIN + text.substring(rule.end(1));
        }
        result = CAUSE_ID.matcher(result).replaceFirst(BOLD + "$0" + PLAIN);
        result = LABEL.matcher(result).replaceFirst(BOLD + "$0" + PLAIN);
        return VERDICT.matcher(result)
                .replaceAll(match -> Matcher.quoteReplacement(colour(match.group()) + match.group() + PLAIN));
    }

    private static String colour(String verdict) {
        boolean good = verdict.matches("[123].*") || verdict.equals("passes") || verdict.startsWith("matches");
        return good ? GREEN : RED;
    }

    /** A line that has not ended is shown as it is: a prompt or progress. */
    @Override
    public void flush() throws IOException {
        out.write(line.toString());
        line.setLength(0);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
        out.close();
    }
}
