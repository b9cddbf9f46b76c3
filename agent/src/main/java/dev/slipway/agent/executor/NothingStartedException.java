package dev.slipway.agent.executor;

import java.io.IOException;
import java.nio.file.Path;

/// Nothing was ever started in a control folder, and nothing will be by whoever made it: the one
/// case in which a step may be started there again.
public final class NothingStartedException extends IOException {
    private static final long serialVersionUID = 1;

    public NothingStartedException(Path controlFolder) {
        super("Nothing was ever started in " + controlFolder + ".");
    }
}
