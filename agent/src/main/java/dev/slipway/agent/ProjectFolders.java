package dev.slipway.agent;

import dev.slipway.agent.runner.Workspaces;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One set of folders per slot: `w1`, `w2`, …, each laid out as GitHub's `$W`. A job gets the set
/// that its project used last, if it is free. Who holds a set is on disk (`holder`), so that an
/// attempt finds its folders again after a restart.
final class ProjectFolders implements Workspaces {
    private static final String HOLDER = "holder";
    private static final String PROJECT = "project";

    private final Path work;
    private final Path attempts;
    private final List<Set> sets = new ArrayList<>();
    private long uses;

    /// One set; guarded by the monitor of its owner.
    private static final class Set {
        private final Path folder;
        private String holder;
        private String project;
        private long lastUse;

        Set(Path folder, String holder, String project) {
            this.folder = folder;
            this.holder = holder;
            this.project = project;
        }
    }

    /// @param work the agent's work directory
    /// @param attempts where attempts are; a holder without a folder there holds nothing any more
    ProjectFolders(Path work, Path attempts) throws IOException {
        this.work = work;
        this.attempts = attempts;
        for (int i = 1; Files.isDirectory(work.resolve("w" + i)); i++) {
            Path folder = work.resolve("w" + i);
            sets.add(new Set(folder, read(folder.resolve(HOLDER)), read(folder.resolve(PROJECT))));
        }
    }

    @Override
    public synchronized Folders take(String project, String attempt) throws IOException {
        Set set = choose(project, attempt);
        Files.createDirectories(set.folder);
        set.holder = attempt;
        set.project = project;
        set.lastUse = ++uses;
        Files.writeString(set.folder.resolve(PROJECT), project);
        Files.writeString(set.folder.resolve(HOLDER), attempt);
        String name = project.substring(project.lastIndexOf('/') + 1);
        String repository = name.isEmpty() || name.startsWith(".") ? "project" : name;
        Path parent = set.folder.resolve(repository);
        return new Folders(
                parent.resolve(repository),
                parent,
                set.folder.resolve("_temp"),
                set.folder.resolve("_actions"),
                work.resolve("_tool"));
    }

    private Set choose(String project, String attempt) {
        Set free = null;
        Set warm = null;
        for (Set set : sets) {
            if (set.holder.equals(attempt)) {
                return set;
            }
            if (isFree(set)) {
                free = free == null ? set : free;
                warm = warm == null && set.project.equals(project) ? set : warm;
            }
        }
        if (warm != null) {
            return warm;
        }
        if (free != null) {
            return free;
        }
        Set fresh = new Set(work.resolve("w" + (sets.size() + 1)), "", "");
        sets.add(fresh);
        return fresh;
    }

    private boolean isFree(Set set) {
        return set.holder.isEmpty()
                || !Files.isDirectory(attempts.resolve(set.holder.replace('/', '-')));
    }

    @Override
    public synchronized void giveBack(String attempt) throws IOException {
        for (Set set : sets) {
            if (set.holder.equals(attempt)) {
                set.holder = "";
                Files.deleteIfExists(set.folder.resolve(HOLDER));
            }
        }
    }

    @Override
    public synchronized List<String> warmProjects() {
        return sets.stream()
                .filter(set -> !set.project.isEmpty())
                .sorted(Comparator.comparingLong((Set set) -> set.lastUse).reversed())
                .map(set -> set.project)
                .distinct()
                .limit(100)
                .toList();
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
