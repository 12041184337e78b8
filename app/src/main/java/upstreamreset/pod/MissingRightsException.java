// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.List;
import java.util.stream.Collectors;

/** RBAC forbids a command's planned calls; the message is one sentence that names each missing verb. */
public final class MissingRightsException extends Exception {
    private static final long serialVersionUID = 1;

    MissingRightsException(List<Right> missing, String namespace, String role) {
        super(missing.stream().map(Right::text).collect(Collectors.joining(", ", "you may not ", "")) + " in namespace "
                + namespace + "; " + role + " has the Role that allows it");
    }
}
