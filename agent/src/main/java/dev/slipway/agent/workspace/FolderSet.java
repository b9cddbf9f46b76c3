package dev.slipway.agent.workspace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One `$W`: the folders of one job at a time, with what is known about them in `_slipway`:
///
/// ```text
/// w1/app/app          a project's working tree (with its parent, runner.workspace)
/// w1/_temp, _actions  emptied for each job
/// w1/_slipway/holder  the attempt that works here; no file: none
/// w1/_slipway/app     whose app/ is: the project and when it was used last, a line each
/// ```
///
/// Not safe for many threads; its owner is.
final class FolderSet {
    private static final String HOLDER = "holder";

    /// A file of a project's records has a name that no attempt's has, and the other way round.
    private static final String RECORD_SUFFIX = ".project";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /// One project's folder in this set.
    record Tenant(String project, Instant lastUse) {}

    private final Path folder;
    private Optional<String> holder;

    /// By the name of the repository.
    private final Map<String, Tenant> tenants = new HashMap<>();

    FolderSet(Path folder) throws IOException {
        this.folder = folder;
        Path records = Files.createDirectories(records());
        Path holderFile = records.resolve(HOLDER);
        holder =
                Files.exists(holderFile)
                        ? Optional.of(Files.readString(holderFile).strip())
                                .filter(name -> !name.isEmpty())
                        : Optional.empty();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(records, "*" + RECORD_SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String repository = name.substring(0, name.length() - RECORD_SUFFIX.length());
                read(file).ifPresent(tenant -> tenants.put(repository, tenant));
            }
        }
    }

    /// A torn record makes its folder nobody's: the next project starts with an empty one.
    private static Optional<Tenant> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Tenant(lines.get(0), Instant.parse(lines.get(1))));
        } catch (DateTimeException torn) {
            return Optional.empty();
        }
    }

    Optional<String> holder() {
        return holder;
    }

    /// When `project` was here last, if its folder is still here.
    Optional<Instant> warmSince(String project) {
        return Optional.ofNullable(tenants.get(repository(project)))
                .filter(tenant -> tenant.project().equals(project))
                .map(Tenant::lastUse);
    }

    Map<String, Tenant> tenants() {
        return Map.copyOf(tenants);
    }

    /// Gives the set to an attempt. A folder of the same name that another project left is moved to
    /// `rubbish` first: two projects never see each other's files.
    JobPlaces take(String project, String attempt, Instant now, Rubbish rubbish, Path tools)
            throws IOException {
        write(records().resolve(HOLDER), attempt + "\n");
        holder = Optional.of(attempt);
        String repository = repository(project);
        Path parent = folder.resolve(repository);
        if (warmSince(project).isEmpty()) {
            rubbish.add(parent);
        }
        used(project, now);
        Path workspace = Files.createDirectories(parent.resolve(repository));
        return new JobPlaces(
                workspace,
                parent,
                temporary(),
                Files.createDirectories(folder.resolve("_actions")),
                Files.createDirectories(tools));
    }

    /// Scripts lie here, with whatever secrets are written into them: for the agent's user only.
    private Path temporary() throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("_temp"));
        return Files.setPosixFilePermissions(
                temporary, PosixFilePermissions.fromString("rwx------"));
    }

    void used(String project, Instant now) throws IOException {
        String repository = repository(project);
        write(records().resolve(repository + RECORD_SUFFIX), project + "\n" + now + "\n");
        tenants.put(repository, new Tenant(project, now));
    }

    void release() throws IOException {
        Files.deleteIfExists(records().resolve(HOLDER));
        holder = Optional.empty();
    }

    /// Gives up a project's folder. The record goes last: until then the folder has an owner.
    void evict(String repository, Rubbish rubbish) throws IOException {
        rubbish.add(folder.resolve(repository));
        Files.deleteIfExists(records().resolve(repository + RECORD_SUFFIX));
        tenants.remove(repository);
    }

    Path folderOf(String repository) {
        return folder.resolve(repository);
    }

    private Path records() {
        return folder.resolve("_slipway");
    }

    /// The last part of the project's name, as GitHub names the folder; a name that could hide or
    /// escape is replaced.
    private static String repository(String project) {
        String name = project.substring(project.lastIndexOf('/') + 1);
        return PLAIN.matcher(name).matches() ? name : "project";
    }

    private static void write(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text, StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
