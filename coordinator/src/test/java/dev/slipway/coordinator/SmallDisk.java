package dev.slipway.coordinator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A small ext4 file system in a file, mounted: a disk that can be filled up and that can fail.
final class SmallDisk implements AutoCloseable {
    private final Path image;
    private final Path mount;
    private boolean mounted;

    private SmallDisk(Path image, Path mount) {
        this.image = image;
        this.mount = mount;
    }

    /// Skips the test where no disk can be mounted.
    static SmallDisk make(Path folder, int megabytes) throws IOException {
        Path image = folder.resolve("disk.img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        Path mount = Files.createDirectories(folder.resolve("disk"));
        var disk = new SmallDisk(image, mount);
        assumeTrue(
                succeeds("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()) && disk.mount(),
                "real disk faults were not tested: mounting a small disk needs root, mkfs.ext4 and"
                        + " loop devices; run this test as root");
        return disk;
    }

    private boolean mount() throws IOException {
        mounted = succeeds("mount", "-o", "loop", image.toString(), mount.toString());
        return mounted;
    }

    Path folder() {
        return mount;
    }

    /// Fills the disk up, but for about as much.
    Path fill(int kilobytesLeft) throws IOException {
        Path ballast = mount.resolve("ballast");
        byte[] block = new byte[4096];
        try (var out =
                Files.newOutputStream(
                        ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (Files.getFileStore(mount).getUsableSpace() > (kilobytesLeft << 10)) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
        return ballast;
    }

    /// From now on every write fails, as after an error of the disk.
    void becomeReadOnly() throws IOException {
        if (!succeeds("mount", "-o", "remount,abort", mount.toString())) {
            throw new AssertionError("the disk could not be made read-only");
        }
    }

    /// The disk is repaired: nobody may use it meanwhile.
    void repair() throws IOException {
        unmount();
        succeeds("fsck.ext4", "-y", image.toString()); // 1 when it has repaired something
        if (!mount()) {
            throw new AssertionError("the disk could not be mounted again");
        }
    }

    private void unmount() throws IOException {
        if (mounted && !succeeds("umount", mount.toString())) {
            throw new AssertionError("the disk is still in use: " + mount);
        }
        mounted = false;
    }

    @Override
    public void close() throws IOException {
        unmount();
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
