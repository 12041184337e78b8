// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.output.JsonTree;

/**
 * Reads changes of a mesh from a text: lines {@code sidecar PART {…}} or {@code client PART {…}}, as in the catalogue,
 * or one JSON object with the parts as its keys, those of the client's sidecar under {@code client}.
 */
public final class MeshFile {
    private static final String CLIENT = "client";
    private static final String SIDECAR = "sidecar";

    private MeshFile() {}

    /**
     * The changes that the text of a --mesh file asks for.
     *
     * @throws IllegalArgumentException if the text is not that; the message says which line
     */
    public static Mesh parse(String text) {
        return text.strip().startsWith("{") ? json(text) : lines(text);
    }

    private static Mesh json(String text) {
        var sidecar = new ArrayList<ConfigEdit>();
        Optional<List<ConfigEdit>> client = Optional.empty();
        for (var field : object("the text", text).properties()) {
            switch (field.getKey()) {
                case CLIENT -> client = Optional.of(edits(field.getValue()));
                case SIDECAR -> sidecar.addAll(edits(field.getValue()));
                default -> sidecar.add(edit(field.getKey(), JsonTree.text(field.getValue())));
            }
        }
        return new Mesh(sidecar, client);
    }

    private static List<ConfigEdit> edits(JsonNode parts) {
        return parts.properties().stream()
                .map(part -> edit(part.getKey(), JsonTree.text(part.getValue())))
                .toList();
    }

    private static Mesh lines(String text) {
        var sidecar = new ArrayList<ConfigEdit>();
        var client = new ArrayList<ConfigEdit>();
        var to = sidecar;
        int number = 0;
        for (var raw : text.split("\n", -1)) {
            number++;
            var line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(SIDECAR + " ")) {
                to = sidecar;
            } else if (line.startsWith(CLIENT + " ")) {
                to = client;
            }
            var words = line.replaceFirst("^(sidecar|client) +", "").split(" +", 2);
            try {
                to.add(edit(words[0], words.length < 2 ? "" : words[1]));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return new Mesh(sidecar, client.isEmpty() ? Optional.empty() : Optional.of(client));
    }

    private static ConfigEdit edit(String part, String patch) {
        var edit = ConfigEdit.parse(part + " " + patch);
        object(part, edit.mergePatch());
        return edit;
    }

    private static ObjectNode object(String what, String text) {
        try {
            if (JsonTree.read(text) instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException(what + " is not a JSON object");
        } catch (JacksonException e) {
            throw new IllegalArgumentException(what + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
