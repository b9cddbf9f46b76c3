package dev.slipway.agent.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;

import dev.slipway.agent.docker.Credentials;
import dev.slipway.agent.docker.ImageName;
import dev.slipway.time.Threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// Puts images together without an engine, with Jib. Its classes are loaded when this one is used
/// first. An image is complete or not there: files are renamed into place, and a registry shows a
/// tag when it has all layers.
public final class Assembler {
    private final Places places;
    private final Logins logins;
    private final Threads threads;
    private final Consumer<String> say;

    /// Where layers are kept.
    ///
    /// @param bases of base images, shared by all jobs
    /// @param own of this step
    public record Places(Path bases, Path own) {}

    /// Who logs in where.
    public interface Logins {
        /// @param registry host and port; empty for Docker Hub
        Optional<Credentials> login(String registry) throws IOException;
    }

    /// What came out.
    ///
    /// @param id `sha256:…` of the configuration, as `docker inspect` shows it
    /// @param digest `sha256:…` of the manifest
    public record Made(String id, String digest) {}

    /// @param say hears of the progress
    public Assembler(Places places, Logins logins, Threads threads, Consumer<String> say) {
        this.places = places;
        this.logins = logins;
        this.threads = threads;
        this.say = say;
    }

    /// Writes the image to a file, as `docker load` reads it.
    public Made write(Assembly assembly, Path file, String tag)
            throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        Made made = make(assembly, "", partial, tag);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        return made;
    }

    /// Brings the image to the registry that its name says.
    ///
    /// @param tag a full name with a tag
    public Made push(Assembly assembly, String tag) throws IOException, InterruptedException {
        return make(assembly, tag, places.own(), tag);
    }

    private Made make(Assembly assembly, String pushTo, Path file, String tag)
            throws IOException, InterruptedException {
        String what = pushTo.isEmpty() ? file.getFileName().toString() : pushTo;
        try (var workers = new Workers(threads)) {
            JibContainerBuilder image = image(assembly);
            Containerizer target =
                    pushTo.isEmpty()
                            ? Containerizer.to(TarImage.at(file).named(tag))
                            : Containerizer.to(registryImage(pushTo));
            JibContainer made =
                    image.containerize(
                            target.setBaseImageLayersCache(places.bases())
                                    .setApplicationLayersCache(places.own())
                                    .setAllowInsecureRegistries(isLocal(assembly.base(), pushTo))
                                    .setToolName("slipway")
                                    .setExecutorService(workers)
                                    .addEventHandler(LogEvent.class, this::hear));
            return new Made(made.getImageId().toString(), made.getDigest().toString());
        } catch (InvalidImageReferenceException
                | RegistryException
                | CacheDirectoryCreationException problem) {
            throw new IOException(
                    "%s cannot be made: %s".formatted(what, reason(problem)), problem);
        } catch (ExecutionException problem) {
            Throwable cause = Optional.ofNullable(problem.getCause()).orElse(problem);
            throw new IOException("%s cannot be made: %s".formatted(what, reason(cause)), problem);
        }
    }

    private static String reason(Throwable problem) {
        Throwable cause = problem.getCause();
        String text = Optional.ofNullable(problem.getMessage()).orElse(problem.toString());
        return cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
                ? text
                : text + ": " + cause.getMessage();
    }

    /// As Docker engines do: only registries on this machine may be without TLS, or have any
    /// certificate. One that is elsewhere makes all connections strict.
    private static boolean isLocal(String base, String pushTo) {
        return (base.equals(Assembly.SCRATCH) || isLocal(base))
                && (pushTo.isEmpty() || isLocal(pushTo));
    }

    private static boolean isLocal(String name) {
        String host = ImageName.parse(name).registry().replaceFirst(":[0-9]+$", "");
        return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private void hear(LogEvent event) {
        switch (event.getLevel()) {
            case ERROR, WARN, LIFECYCLE, PROGRESS -> event.getMessage().lines().forEach(say);
            case INFO, DEBUG -> {}
        }
    }

    private RegistryImage registryImage(String name)
            throws InvalidImageReferenceException, IOException {
        RegistryImage image = RegistryImage.named(name);
        logins.login(ImageName.parse(name).registry())
                .ifPresent(login -> image.addCredential(login.username(), login.password()));
        return image;
    }

    private JibContainerBuilder image(Assembly assembly)
            throws InvalidImageReferenceException, IOException {
        JibContainerBuilder image =
                assembly.base().equals(Assembly.SCRATCH)
                        ? Jib.fromScratch()
                        : Jib.from(registryImage(assembly.base()));
        String[] platform = assembly.platform().split("/", 2);
        image.setPlatforms(Set.of(new Platform(platform[1], platform[0])))
                .setFormat(ImageFormat.Docker)
                .setCreationTime(assembly.created());
        for (Assembly.Files files : assembly.files()) {
            image.addFileEntriesLayer(new Layer(files).entries());
        }
        Assembly.Config config = assembly.config();
        if (!config.entrypoint().isEmpty()) {
            image.setEntrypoint(config.entrypoint());
        }
        if (!config.cmd().isEmpty()) {
            image.setProgramArguments(config.cmd());
        }
        if (!config.workdir().isEmpty()) {
            image.setWorkingDirectory(AbsoluteUnixPath.get(config.workdir()));
        }
        if (!config.user().isEmpty()) {
            image.setUser(config.user());
        }
        List<String> ports = new ArrayList<>(config.ports());
        return image.setEnvironment(config.env())
                .setLabels(config.labels())
                .setExposedPorts(Ports.parse(ports));
    }
}
