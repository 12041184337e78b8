// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;
import java.io.Writer;
import upstreamreset.wire.Escape;

/** Writes HTML and escapes every text and every attribute value, so that none can become markup. */
public final class Html {
    private final Writer out;
    private boolean inTag;

    public Html(Writer out) {
        this.out = out;
    }

    /** Begins an element; its attributes come next, then its content. */
    public Html open(String element) throws IOException {
        return endTag("<" + element, true);
    }

    /** The element that was just opened has this attribute. */
    public Html attribute(String name, Object value) throws IOException {
        if (!inTag) {
            throw new IllegalStateException("no element is open for " + name);
        }
        out.write(" " + name + "=\"" + Escape.markup(value.toString()) + "\"");
        return this;
    }

    public Html text(Object text) throws IOException {
        return endTag(Escape.markup(text.toString()), false);
    }

    /** An element that holds only text. */
    public Html element(String element, Object text) throws IOException {
        return open(element).text(text).close(element);
    }

    /** A style or script element with our own code, which is not escaped. */
    public Html code(String element, String ours) throws IOException {
        return open(element).endTag(ours, false).close(element);
    }

    public Html close(String element) throws IOException {
        return endTag("</" + element + ">", false);
    }

    public Html line() throws IOException {
        return endTag("\n", false);
    }

    private Html endTag(String next, boolean opens) throws IOException {
        if (inTag) {
            out.write('>');
        }
        out.write(next);
        inTag = opens;
        return this;
    }
}
