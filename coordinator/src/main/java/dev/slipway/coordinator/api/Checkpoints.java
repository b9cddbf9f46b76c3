package dev.slipway.coordinator.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Makes copies of this coordinator's data for others.
@FunctionalInterface
public interface Checkpoints {
    /// Copies the data as of now, cheaply: by links.
    ///
    /// @throws dev.slipway.error.SlipwayException OVERLOADED while there is another one
    Checkpoint take() throws IOException;

    /// A copy; gone when closed.
    ///
    /// @param root where its files are
    /// @param position of the journal that it reflects
    record Checkpoint(Path root, List<Part> parts, long position, Runnable end)
            implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /// A file of a copy.
    ///
    /// @param path relative to the root, with `/`
    /// @param size how many of its bytes belong to the copy
    record Part(String path, long size) {}
}
