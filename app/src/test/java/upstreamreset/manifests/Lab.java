// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.util.List;
import upstreamreset.testing.KubeApiServer;
import upstreamreset.testing.Kubectl;

/** The app's shipped objects on a test's API server: its account, Role, policy and Services, and two of its Pods. */
final class Lab {
    private Lab() {}

    /** Returns the app in its first Pod. */
    static Kubectl install(KubeApiServer server) {
        var built = Yaml.all(server.run(
                "kustomize", Repository.path("manifests/overlays/single").toString()));
        for (var each : built) {
            server.apply(each.toString());
        }
        var statefulSet = Yaml.one(built, "StatefulSet", "http-chunked");
        for (var name : List.of("http-chunked-0", "http-chunked-1")) {
            var pod = ManifestsIT.podOf(statefulSet, "default");
            pod.object("metadata").with("name", name);
            server.apply(pod.toString());
        }
        return inPod(server, "http-chunked-0");
    }

    /** The Role as it is shipped, in the namespace that the overlays give it. */
    static Yaml role() {
        var role = Yaml.one(Yaml.all(Repository.text("manifests/base/role.yaml")), "Role", "http-chunked");
        role.object("metadata").with("namespace", "default");
        return role;
    }

    /** kubectl as the app in that Pod, which must exist. */
    static Kubectl inPod(KubeApiServer server, String pod) {
        return server.kubectlOf(pod, server.podToken("default", "http-chunked", pod), "default");
    }

    /** kubectl with a token of the app's account that no Pod is bound to. */
    static Kubectl outsideAnyPod(KubeApiServer server) {
        return server.kubectlOf("no-pod", server.token("default", "http-chunked"), "default");
    }
}
