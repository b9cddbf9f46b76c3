package dev.slipway.coordinator.api;

import com.google.protobuf.Timestamp;

import dev.slipway.api.v1.ConfigureEnvironmentRequest;
import dev.slipway.api.v1.TextChanges;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.sessions.EnvironmentSecrets;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.planning.NameFilter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What people say of environments, checked.
final class EnvironmentRequests {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int MAX_VALUE = 48 << 10;
    private static final int MAX_NAMES = 100;
    private static final int MAX_TEXT = 500;

    private final SecretBox box;

    EnvironmentRequests(SecretBox box) {
        this.box = box;
    }

    static EnvironmentName name(ConfigureEnvironmentRequest request) {
        String label = request.getEnvironment().strip();
        require(!request.getProject().isBlank(), "The project must be given.");
        require(
                !label.isEmpty() && label.length() <= EnvironmentName.MAX_LENGTH,
                "The environment's name must have 1 to %d characters."
                        .formatted(EnvironmentName.MAX_LENGTH));
        return EnvironmentName.of(request.getProject(), label);
    }

    /// @param before what is true so far
    EnvironmentRules rules(
            EnvironmentRules before, EnvironmentName name, ConfigureEnvironmentRequest request) {
        int approvals = request.hasApprovals() ? request.getApprovals() : before.approvals();
        require(
                approvals >= 0 && approvals <= EnvironmentRules.MAX_APPROVALS,
                "%d approvals are not possible; 0 to %d are."
                        .formatted(approvals, EnvironmentRules.MAX_APPROVALS));
        Duration delay =
                request.hasWait()
                        ? Duration.ofSeconds(request.getWait().getSeconds())
                        : before.delay();
        require(
                !delay.isNegative() && delay.compareTo(EnvironmentRules.MAX_WAIT) <= 0,
                "A wait of %s is not possible; 0 to 30 days are.".formatted(delay));
        List<String> branches =
                request.hasBranches() ? request.getBranches().getValuesList() : before.branches();
        check(branches);
        return new EnvironmentRules(
                approvals,
                delay,
                branches,
                request.hasOneAtATime() ? request.getOneAtATime() : before.oneAtATime(),
                request.hasDeployedBy()
                        ? jobs(request.getDeployedBy().getValuesList())
                        : before.deployedBy(),
                changed(before.variables(), request.getVariables()),
                request.hasSecrets() ? secrets(before, name, request) : before.secrets());
    }

    private SealedSecrets secrets(
            EnvironmentRules before, EnvironmentName name, ConfigureEnvironmentRequest request) {
        String owner = EnvironmentSecrets.owner(name);
        SortedMap<String, String> now =
                changed(
                        box.open(owner, before.secrets().ciphertext().toArray()),
                        request.getSecrets());
        return now.isEmpty()
                ? SealedSecrets.NONE
                : new SealedSecrets(List.copyOf(now.keySet()), Bytes.copyOf(box.seal(owner, now)));
    }

    private static SortedMap<String, String> changed(
            Map<String, String> before, TextChanges changes) {
        var now = new TreeMap<>(before);
        changes.getSetMap()
                .forEach(
                        (name, value) -> {
                            require(
                                    NAME.matcher(name).matches(),
                                    "'%s' is no name: letters, digits and _ only.".formatted(name));
                            require(
                                    value.length() <= MAX_VALUE,
                                    "The value of %s is longer than 48 KiB.".formatted(name));
                            now.put(name, value);
                        });
        changes.getRemoveList().forEach(now::remove);
        require(
                now.size() <= MAX_NAMES,
                "An environment has at most %d variables and as many secrets."
                        .formatted(MAX_NAMES));
        return RunSpec.sorted(now);
    }

    private static List<String> jobs(List<String> jobs) {
        require(jobs.size() <= MAX_NAMES, "At most 100 jobs are possible.");
        for (String job : jobs) {
            require(
                    job.matches("[^:]{1,500}:[^:]{1,500}"),
                    "'%s' names no job: write .github/workflows/FILE.yml:JOB.".formatted(job));
        }
        return jobs;
    }

    private static void check(List<String> branches) {
        require(branches.size() <= MAX_NAMES, "At most 100 branch patterns are possible.");
        try {
            new NameFilter(branches);
        } catch (IllegalArgumentException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    static Instant at(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    static String cut(String text) {
        return text.substring(0, Math.min(MAX_TEXT, text.length()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new SlipwayException(ErrorCode.INVALID_ARGUMENT, otherwise);
        }
    }
}
