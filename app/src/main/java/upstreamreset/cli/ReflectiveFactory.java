// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import picocli.CommandLine.IFactory;

/**
 * Makes what picocli knows by its class alone. Picocli's own factory first looks for Groovy, which opens our jar and reads its
 * directory: a tenth of a short command's time, since the start-up cache holds every class that is there.
 */
enum ReflectiveFactory implements IFactory {
    PLAIN;

    @Override
    public <K> K create(Class<K> type) throws ReflectiveOperationException {
        return type.getDeclaredConstructor().newInstance();
    }
}
