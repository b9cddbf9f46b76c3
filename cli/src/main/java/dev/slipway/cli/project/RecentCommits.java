package dev.slipway.cli.project;

import dev.slipway.cli.client.CommitInfo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The latest commits of a project, so that the farm can say which of them a deployment brought.
public final class RecentCommits {
    /// As many as the farm takes.
    static final int MOST = 100;

    private static final int MAX_TITLE = 72;

    private RecentCommits() {}

    /// Newest first; empty without a repository, before the first commit, or when git refuses.
    public static List<CommitInfo> of(Project project) throws InterruptedException {
        if (project.git().filter(git -> git.sha() != null).isEmpty()) {
            return List.of();
        }
        return new Git(project.root())
                .ask("log", "-z", "--max-count=" + MOST, "--format=%H%x1f%P%x1f%ct%x1f%s", "HEAD")
                .filter(Git.Answer::isOk)
                .map(answer -> read(answer.output()))
                .orElse(List.of());
    }

    static List<CommitInfo> read(String log) {
        var commits = new ArrayList<CommitInfo>();
        for (String line : log.split("\0")) {
            String[] fields = line.split("\u001f", -1);
            if (fields.length == 4) {
                commits.add(
                        new CommitInfo(
                                fields[0],
                                Arrays.stream(fields[1].split(" "))
                                        .filter(parent -> !parent.isEmpty())
                                        .toList(),
                                Instant.ofEpochSecond(Long.parseLong(fields[2])),
                                fields[3].substring(0, Math.min(MAX_TITLE, fields[3].length()))));
            }
        }
        return commits;
    }
}
