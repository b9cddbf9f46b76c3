package dev.slipway.agent.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;

import dev.slipway.agent.workspace.Idle;
import dev.slipway.time.Clock;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The images that this agent has pulled, and when a job wanted them last: a file for each, whose
/// content is the name and whose time is the last use. Images that others brought to the engine are
/// not the agent's to remove, and are not here.
///
/// Safe for many threads.
public final class PulledImages {
    /// A job that wants an image makes its container soon after.
    private static final Duration WANTED = Duration.ofHours(1);

    private static final int TRIES = 3;

    private final DockerEngine engine;
    private final Images images;
    private final Path folder;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /// @param folder is made when the first image was pulled
    public PulledImages(DockerEngine engine, Images images, Path folder, Clock clock) {
        this.engine = engine;
        this.images = images;
        this.folder = folder;
        this.clock = clock;
    }

    /// Makes sure that the engine has an image: pulls it, with three tries, when it is not there.
    ///
    /// @param credentials the workflow's; without them the Docker configuration's count
    /// @param say hears of the progress
    /// @throws ImageRefusedException when its registry refuses it: that is not tried again
    public void provide(String image, Optional<Credentials> credentials, Consumer<String> say)
            throws IOException, InterruptedException {
        wanted(image);
        if (images.find(image).isPresent()) {
            say.accept("The image '%s' is on this machine already.".formatted(image));
            return;
        }
        for (int tries = 1; ; tries++) {
            try {
                images.pull(image, credentials, say);
                pulled(image);
                return;
            } catch (DockerException problem) {
                if (tries == TRIES || problem instanceof ImageRefusedException) {
                    throw problem;
                }
                say.accept("Pulling failed, trying again: " + problem.getMessage());
            }
        }
    }

    /// A job wants the image. It is not removed from now on, for an hour at least.
    void wanted(String image) throws IOException {
        lock.lock();
        try {
            Path file = file(image);
            if (Files.exists(file)) {
                Files.setLastModifiedTime(file, FileTime.from(clock.now()));
            }
        } finally {
            lock.unlock();
        }
    }

    void pulled(String image) throws IOException {
        lock.lock();
        try {
            Files.createDirectories(folder);
            Path file = file(image);
            Files.writeString(file, image);
            Files.setLastModifiedTime(file, FileTime.from(clock.now()));
        } finally {
            lock.unlock();
        }
    }

    private Path file(String image) {
        return folder.resolve(UUID.nameUUIDFromBytes(image.getBytes(UTF_8)).toString());
    }

    /// What may be removed. Images that are not on the engine any more are forgotten.
    public List<Idle> idle() throws IOException {
        var idle = new ArrayList<Idle>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String image = Files.readString(file);
                Instant lastUse = Files.getLastModifiedTime(file).toInstant();
                long bytes = image.isEmpty() ? -1 : size(image); // A crash may have left it empty.
                if (bytes >= 0) {
                    idle.add(new IdleImage(image, lastUse, bytes));
                } else {
                    forget(file, lastUse);
                }
            }
        } catch (NoSuchFileException nothingWasPulledYet) {
            return List.of();
        }
        return idle;
    }

    /// @return as the engine counts it, layers that other images share included; negative when
    ///   there is no such image
    private long size(String image) throws DockerException {
        return Containers.call(
                "look at the image '%s'".formatted(image),
                () -> {
                    try {
                        Long size = engine.client().inspectImageCmd(image).exec().getSize();
                        return size == null ? 0 : size;
                    } catch (NotFoundException gone) {
                        return -1L;
                    }
                });
    }

    private void forget(Path file, Instant lastUse) throws IOException {
        lock.lock();
        try {
            if (Files.exists(file) && Files.getLastModifiedTime(file).toInstant().equals(lastUse)) {
                Files.delete(file);
            }
        } finally {
            lock.unlock();
        }
    }

    private final class IdleImage implements Idle {
        private final String image;
        private final Instant lastUse;
        private final long bytes;

        IdleImage(String image, Instant lastUse, long bytes) {
            this.image = image;
            this.lastUse = lastUse;
            this.bytes = bytes;
        }

        @Override
        public String name() {
            return "image " + image;
        }

        @Override
        public Instant lastUse() {
            return lastUse;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public boolean evict() throws IOException {
            lock.lock();
            try {
                Path file = file(image);
                if (!Files.exists(file)) {
                    return false;
                }
                Instant used = Files.getLastModifiedTime(file).toInstant();
                if (used.plus(WANTED).isAfter(clock.now()) || !remove(image)) {
                    return false;
                }
                Files.delete(file);
                return true;
            } finally {
                lock.unlock();
            }
        }
    }

    /// @return false when a container of it exists
    private boolean remove(String image) throws DockerException {
        return Containers.call(
                "remove the image '%s'".formatted(image),
                () -> {
                    try {
                        engine.client().removeImageCmd(image).exec();
                        return true;
                    } catch (NotFoundException gone) {
                        return true;
                    } catch (ConflictException used) {
                        return false;
                    }
                });
    }
}
