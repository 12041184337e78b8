// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import upstreamreset.testing.KubeApiServer;

/** One Kubernetes object as nested maps, which a test can read and change by path. */
record Yaml(Map<String, Object> root) {
    /** All objects of a YAML stream; empty documents are left out. */
    static List<Yaml> all(String stream) {
        var objects = new ArrayList<Yaml>();
        for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(stream)) {
            if (document != null) {
                objects.add(new Yaml(map(document)));
            }
        }
        return objects;
    }

    /** The objects as one YAML stream. */
    static String stream(List<Yaml> objects) {
        return objects.stream().map(Yaml::toString).collect(Collectors.joining("---\n"));
    }

    /** The only object of that kind and name. */
    static Yaml one(List<Yaml> objects, String kind, String name) {
        return objects.stream()
                .filter(each -> each.kind().equals(kind) && each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no " + kind + " " + name));
    }

    /** The object as the API server has it. */
    static Yaml stored(KubeApiServer server, String kind, String name, String namespace) {
        return all(server.run("get", kind, name, "-n", namespace, "-o", "yaml")).getFirst();
    }

    String kind() {
        return text("kind");
    }

    String name() {
        return text("metadata", "name");
    }

    /** What is at the path; a number is an index into a list. */
    Object at(Object... path) {
        Object here = root;
        for (var step : path) {
            var next = step instanceof Integer index
                    ? ((List<?>) here).get(index)
                    : map(here).get(step);
            if (next == null) {
                throw new NoSuchElementException("no " + step + " of " + List.of(path) + " in\n" + this);
            }
            here = next;
        }
        return here;
    }

    String text(Object... path) {
        return String.valueOf(at(path));
    }

    Yaml object(Object... path) {
        return new Yaml(map(at(path)));
    }

    List<Yaml> objects(Object... path) {
        return ((List<?>) at(path)).stream().map(each -> new Yaml(map(each))).toList();
    }

    List<String> texts(Object... path) {
        return ((List<?>) at(path)).stream().map(String::valueOf).toList();
    }

    boolean has(String key) {
        return root.containsKey(key);
    }

    /** Sets a key of this very map. */
    Yaml with(String key, Object value) {
        root.put(key, value);
        return this;
    }

    static Yaml empty() {
        return new Yaml(new LinkedHashMap<>());
    }

    @Override
    public String toString() {
        // kubectl reads YAML 1.1, in which these words are booleans; the library writes 1.2, in which they are strings.
        return new Dump(DumpSettings.builder().build())
                .dumpToString(root)
                .replaceAll("(?im)(: |- |, |\\[)(on|off|yes|no|y|n)(?=$|[,}\\]])", "$1\"$2\"");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
