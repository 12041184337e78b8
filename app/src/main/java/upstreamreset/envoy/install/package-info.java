// SPDX-License-Identifier: Apache-2.0
/** Finds the Envoy to run, or installs a pinned one into the user's cache. */
@NullMarked
package upstreamreset.envoy.install;

import org.jspecify.annotations.NullMarked;
