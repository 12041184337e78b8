// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.PlainText;

/**
 * Collects the output of an HTTP client, line by line, among any other text. It takes a line only if the client can
 * have printed it; memory is bounded. Not thread-safe.
 */
public final class TranscriptReader {
    private static final int MAX_FIELDS = 200;
    private static final int MAX_LINE = 4096;
    private static final int MAX_BODY = 8192;
    private static final int MAX_COMPLAINTS = 20;

    private static final Pattern STATUS_LINE = Pattern.compile("(HTTP/[0-9](?:\\.[0-9])?) ([1-9]\\d\\d)(?: .{0,100})?");
    private static final Pattern REQUEST_LINE = Pattern.compile("[A-Z]{3,16} \\S{1,2000} HTTP/[0-9](?:\\.[0-9])?");
    private static final Pattern FIELD = Pattern.compile("(:?[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}):[ \\t]*(.*)");
    private static final Pattern HTTP2_FIELD =
            Pattern.compile("\\* (?:\\[HTTP/[23]].*|h[23] \\[.*|h[23]h[23].*|Using Stream ID.*)");
    private static final Pattern BEGIN =
            Pattern.compile("\\*\\s+(?:Trying |Connected to |About to connect|Host \\S+ was resolved"
                    + "|Hostname |TCP_NODELAY set|Rebuilt URL|Uses proxy env|Could not resolve|connect to |Established connection"
                    + "|Added \\S+ to DNS cache|Hostname was|Expire in |Note: |ALPN|Re-using existing).*");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,15}");
    private static final Pattern PROMPT = Pattern.compile(
            "(?:[^\\s#$%❯>]{0,60}[#$%❯➜]\\s+)?(?:curl|https?(?! 20\\d\\d-)|wget|xh|kubectl exec .{0,400} (?:curl|wget))\\s.{0,2000}");
    private static final Pattern ACCESS_LINE =
            Pattern.compile("\\[\\d{4}-\\d\\d-\\d\\d[T ].*|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:.*");
    private static final Pattern METER = Pattern.compile(
            "\\s*(?:% Total .*|Dload\\s+Upload.*|\\d{1,3}\\s+\\d+\\s+\\d{1,3}\\s.*--:--.*|[{}] \\[\\d+ bytes data]|\\[\\d+ bytes data])");
    private static final Pattern CONNECTION_LEFT = Pattern.compile(
            "\\* (?:Connection #|Closing connection|shutting down connection|Curl_http_done|Recv failure|transfer closed|HTTP/2 stream|closing connection)");

    private enum Part {
        NONE,
        BEFORE,
        REQUEST,
        HEAD,
        BODY
    }

    private final LogReader log = new LogReader();
    private Part part = Part.NONE;
    private long missing;
    private boolean marked;
    private String request = "";
    private String version = "";
    private int status;
    private final List<Transcript.Field> requestFields = new ArrayList<>();
    private final List<Transcript.Field> fields = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private final List<String> complaints = new ArrayList<>();
    private final List<Transcript> finished = new ArrayList<>();

    /** Whether the line belongs to what a client printed; {@link #finished} then may have one more. */
    public boolean takes(String given) {
        if (part == Part.NONE && !mayBegin(given)) {
            return false;
        }
        if (given.length() > MAX_LINE && part != Part.BODY) {
            return false;
        }
        var line = given.indexOf('&') < 0 ? given : PlainText.withoutEntities(given);
        if (line.endsWith("\r")) {
            line = line.substring(0, line.length() - 1);
        }
        return part == Part.NONE ? begins(line) : goesOn(line);
    }

    /** Whether an exchange has begun and may go on. */
    public boolean isReading() {
        return part != Part.NONE;
    }

    /** Ends the current exchange; the following bytes belong to another. */
    public void end() {
        if (part != Part.NONE && (status != 0 || !complaints.isEmpty())) {
            finished.add(new Transcript(
                    request,
                    requestFields,
                    version,
                    status,
                    fields,
                    body.toString().strip(),
                    complaints));
        }
        part = Part.NONE;
        marked = false;
        request = "";
        requestFields.clear();
        complaints.clear();
        response();
    }

    /** Those that are whole since the last call. */
    public List<Transcript> finished() {
        var whole = List.copyOf(finished);
        finished.clear();
        return whole;
    }

    private void response() {
        version = "";
        status = 0;
        fields.clear();
        body.setLength(0);
        missing = Long.MAX_VALUE;
    }

    /** A look at one character: a log has millions of lines. */
    private static boolean mayBegin(String line) {
        if (line.isEmpty()) {
            return false;
        }
        char first = line.charAt(0);
        return first != '[' && first != '{' && !(first >= '0' && first <= '9');
    }

    private boolean begins(String line) {
        var text = line.strip();
        if (BEGIN.matcher(line).matches() || PROMPT.matcher(text).matches()) {
            part = Part.BEFORE;
            return true;
        }
        if (line.startsWith("> ")
                && REQUEST_LINE.matcher(line.substring(2).strip()).matches()) {
            marked = true;
            request(line.substring(2).strip());
            return true;
        }
        var statusLine =
                STATUS_LINE.matcher(line.startsWith("< ") ? line.substring(2).strip() : text);
        if (statusLine.matches()) {
            marked = line.startsWith("< ");
            head(statusLine);
            return true;
        }
        return false;
    }

    private void request(String line) {
        part = Part.REQUEST;
        request = line;
        requestFields.clear();
    }

    private void head(Matcher statusLine) {
        response();
        part = Part.HEAD;
        version = statusLine.group(1);
        status = Integer.parseInt(statusLine.group(2));
    }

    private boolean goesOn(String line) {
        if (line.startsWith("* ") || line.equals("*")) {
            said(line);
            return true;
        }
        if (METER.matcher(line).matches()) {
            return true;
        }
        if (line.startsWith("curl: (") || line.startsWith("http: error:") || line.startsWith("wget: ")) {
            complain(line);
            return true;
        }
        if (line.startsWith("> ") || line.equals(">")) {
            return sent(line.length() < 2 ? "" : line.substring(2).strip());
        }
        if (line.startsWith("< ") || line.equals("<")) {
            marked = true;
            return received(line.length() < 2 ? "" : line.substring(2).strip());
        }
        var text = line.strip();
        var again = STATUS_LINE.matcher(text);
        if (again.matches() && (part == Part.BEFORE || part == Part.REQUEST || status < 200 || part == Part.BODY)) {
            if (part == Part.BODY && status >= 200) {
                end();
            }
            head(again);
            return true;
        }
        if (PROMPT.matcher(text).matches() && part != Part.REQUEST && part != Part.HEAD) {
            end();
            part = Part.BEFORE;
            return true;
        }
        return switch (part) {
            case BEFORE -> before(text);
            case REQUEST -> sent(text);
            case HEAD -> marked ? body(line) : received(text);
            case BODY -> body(line);
            case NONE -> false;
        };
    }

    /** Only the request and blank lines may come between the command and its output. */
    private boolean before(String text) {
        if (text.isEmpty()) {
            return true;
        }
        if (REQUEST_LINE.matcher(text).matches()) {
            request(text);
            return true;
        }
        end();
        return false;
    }

    private boolean sent(String text) {
        if (part != Part.REQUEST) {
            if (REQUEST_LINE.matcher(text).matches()) {
                if (status >= 200) {
                    end();
                }
                marked = true;
                request(text);
                return true;
            }
            return part != Part.NONE;
        }
        var field = FIELD.matcher(text);
        if (field.matches() && requestFields.size() < MAX_FIELDS) {
            requestFields.add(new Transcript.Field(field.group(1), field.group(2)));
        }
        return true;
    }

    private boolean received(String text) {
        var statusLine = STATUS_LINE.matcher(text);
        if (statusLine.matches()) {
            if (status >= 200 && !isTunnel()) {
                var asked = request;
                end();
                request = asked;
                marked = true;
            }
            head(statusLine);
            return true;
        }
        if (part != Part.HEAD) {
            return part == Part.BODY && body(text);
        }
        if (text.isEmpty()) {
            part = Part.BODY;
            return true;
        }
        var field = FIELD.matcher(text);
        if (field.matches()) {
            if (fields.size() < MAX_FIELDS) {
                fields.add(new Transcript.Field(field.group(1), field.group(2).strip()));
                length(field.group(1), field.group(2).strip());
            }
            return true;
        }
        return body(text);
    }

    /** A proxy's answer to CONNECT comes before the response. */
    private boolean isTunnel() {
        return fields.isEmpty() && status == 200;
    }

    /** After a body of a known length comes another message's text. */
    private void length(String name, String value) {
        if (name.equalsIgnoreCase("content-length") && LENGTH.matcher(value).matches()) {
            missing = Long.parseLong(value);
        }
    }

    private boolean isWhole() {
        return missing <= 0 || status == 204 || status == 304 || request.startsWith("HEAD ");
    }

    private boolean body(String line) {
        if (isWhole() && !line.isBlank()) {
            end();
            return takes(line);
        }
        if (ACCESS_LINE.matcher(line).matches() || isLogLine(line)) {
            end();
            return false;
        }
        part = Part.BODY;
        missing -= missing == Long.MAX_VALUE ? 0 : line.length() + 1;
        var left = CONNECTION_LEFT.matcher(line);
        boolean found = left.find();
        var text = found ? line.substring(0, left.start()) : line;
        if (body.length() + text.length() < MAX_BODY) {
            body.append(text).append('\n');
        }
        if (found) {
            said(line.substring(left.start()));
        }
        return true;
    }

    private boolean isLogLine(String line) {
        char first = line.isEmpty() ? ' ' : line.charAt(0);
        if (first != '{' && first != '[') {
            return false;
        }
        var read = log.read(line);
        return !(read instanceof LogLine.Foreign || read instanceof LogLine.Head);
    }

    private void said(String line) {
        var text = line.substring(Math.min(2, line.length())).strip();
        if (HTTP2_FIELD.matcher(line).matches()) {
            return;
        }
        if (Sayings.find(text).isPresent()) {
            complain(text);
        }
    }

    private void complain(String text) {
        if (complaints.size() < MAX_COMPLAINTS) {
            complaints.add(text);
        }
    }
}
