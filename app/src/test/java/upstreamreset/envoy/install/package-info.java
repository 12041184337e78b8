// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.envoy.install;

import org.jspecify.annotations.NullMarked;
