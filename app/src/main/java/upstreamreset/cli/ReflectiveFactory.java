// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import picocli.CommandLine.IFactory;

/**
 * Creates the objects that picocli knows only by class. Picocli's own factory first looks for Groovy, which opens our
 * jar and reads its directory: a tenth of a short command's time, because otherwise all classes come from the start-up
 * cache.
 */
enum ReflectiveFactory implements IFactory {
    PLAIN;

    @Override
    public <K> K create(Class<K> type) throws ReflectiveOperationException {
        return type.getDeclaredConstructor().newInstance();
    }
}
