// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import upstreamreset.scenario.Scenario;

/**
 * One column of the matrix.
 *
 * @param title its name and, where it is installed, its version
 * @param unavailable why it is not installed or stopped working; empty if it is available
 * @param cells in the order of the scenarios
 */
public record Column(Implementation implementation, String title, Optional<String> unavailable, List<Cell> cells) {
    public Column {
        cells = List.copyOf(cells);
    }

    /** A column of an implementation that is not installed, or did not last. */
    static Column unavailable(Implementation implementation, String title, IOException why, List<Scenario> scenarios) {
        var words = String.valueOf(why.getMessage());
        Cell cell = new Cell.Unavailable(words);
        return new Column(implementation, title, Optional.of(words), Collections.nCopies(scenarios.size(), cell));
    }
}
