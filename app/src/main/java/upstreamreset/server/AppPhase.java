// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

/** Where the app is in its life; only {@link #SERVING} is ready and takes new streams. */
enum AppPhase {
    STARTING,
    SERVING,
    DRAINING
}
