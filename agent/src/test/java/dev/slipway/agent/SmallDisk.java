package dev.slipway.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A small file system in memory, mounted: a disk that can be filled up.
public final class SmallDisk implements AutoCloseable {
    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    /// Skips the test where nothing can be mounted.
    public static SmallDisk make(Path mount, int megabytes) throws IOException {
        Files.createDirectories(mount);
        String size = "size=" + megabytes + "m";
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", size, "slipway-test", mount.toString()),
                "a full disk was not tested: mounting a small one needs root; run this test as"
                        + " root");
        return new SmallDisk(mount);
    }

    public Path folder() {
        return mount;
    }

    /// Fills the disk to the last byte; deleting the file makes room.
    public Path fill() throws IOException {
        Path ballast = mount.resolve("ballast");
        byte[] block = new byte[1 << 16];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
        return ballast;
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", mount.toString());
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
