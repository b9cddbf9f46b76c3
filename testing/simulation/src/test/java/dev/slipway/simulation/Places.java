package dev.slipway.simulation;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where simulated farms write: in memory if the machine has such a place, because a real sync says
/// nothing in a simulated world.
final class Places {
    private static final Path MEMORY = Path.of("/dev/shm");

    private Places() {}

    /// @param name of the user of this process
    static Path folder(String name) {
        Path base =
                Files.isWritable(MEMORY)
                        ? MEMORY
                        : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        return base.resolve("slipway-simulation-%d".formatted(ProcessHandle.current().pid()))
                .resolve(name);
    }
}
