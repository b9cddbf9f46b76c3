package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Concurrency;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.JobPlan;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.coordinator.model.Recovery;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.model.TestReport;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class EntryCodecTest {
    private static final EntryCodec CODEC = new EntryCodec();
    private static final Instant AT = Instant.parse("2026-11-24T03:00:00.123Z");
    private static final JobId JOB = new JobId(41, 3);
    private static final AttemptId ATTEMPT = JOB.attempt(2);

    @Test
    void everyEventComesBackAsItWasWritten() {
        var all = new ArrayList<>(oneOfEach());
        all.addAll(files());
        all.addAll(deployments());
        all.addAll(recoveries());
        all.addAll(NotificationSamples.events());
        var entry = new Entry(9, 7, all);

        assertThat(CODEC.decode(CODEC.encode(entry))).isEqualTo(entry);
    }

    @Test
    void forceOfACancelComesBack() {
        var force = new CancelRequest("now!", "ann", AT, true);
        var entry =
                new Entry(
                        9,
                        7,
                        List.of(
                                new Event.RunCancelRequested(41, force),
                                new Event.JobCancelRequested(JOB, force)));

        assertThat(CODEC.decode(CODEC.encode(entry))).isEqualTo(entry);
    }

    @Test
    void sampleHasEveryKindOfEvent() {
        var sampled =
                Stream.of(
                                oneOfEach(),
                                files(),
                                deployments(),
                                recoveries(),
                                NotificationSamples.events())
                        .flatMap(List::stream)
                        .map(Event::getClass)
                        .collect(Collectors.toSet());
        var all =
                Arrays.stream(Event.class.getDeclaredClasses())
                        .filter(Class::isRecord)
                        .collect(Collectors.toSet());

        assertThat(sampled).isEqualTo(all);
    }

    /// `golden-0.1.0.hex` was written by 0.1.0 and must be readable for ever. A new event gets a
    /// new file; an old one is never changed.
    @Test
    void goldenEntryOfTheFirstVersionMeansWhatItMeant() throws IOException {
        try (InputStream golden = EntryCodecTest.class.getResourceAsStream("golden-0.1.0.hex")) {
            var hex = new String(Objects.requireNonNull(golden).readAllBytes(), US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));

            assertThat(CODEC.decode(bytes)).isEqualTo(new Entry(9, 7, oneOfEach()));
        }
    }

    /// What 0.2.0 added; earlier golden files stay as they are.
    @Test
    void goldenEventsOfFilesAreReadAsBefore() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("golden-0.2.0-files.hex")) {
            var hex = new String(Objects.requireNonNull(golden).readAllBytes(), US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));

            assertThat(CODEC.decode(bytes)).isEqualTo(new Entry(10, 7, files()));
        }
    }

    /// What 0.3.0 added; earlier golden files stay as they are.
    @Test
    void goldenEventsOfDeploymentsAreReadAsBefore() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("golden-0.3.0-deployments.hex")) {
            var hex = new String(Objects.requireNonNull(golden).readAllBytes(), US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));

            assertThat(CODEC.decode(bytes)).isEqualTo(new Entry(11, 7, deployments()));
        }
    }

    /// What came with recoveries of deployments.
    @Test
    void goldenEventsOfRecoveriesAreReadAsBefore() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("golden-0.3.0-recoveries.hex")) {
            var hex = new String(Objects.requireNonNull(golden).readAllBytes(), US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));

            assertThat(CODEC.decode(bytes)).isEqualTo(new Entry(12, 7, recoveries()));
        }
    }

    /// What came with notifications; earlier golden files stay as they are.
    @Test
    void goldenEventsOfNotificationsAreReadAsBefore() throws IOException {
        try (InputStream golden =
                getClass().getResourceAsStream("golden-0.4.0-notifications.hex")) {
            var hex = new String(Objects.requireNonNull(golden).readAllBytes(), US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));

            assertThat(CODEC.decode(bytes))
                    .isEqualTo(new Entry(12, 7, NotificationSamples.events()));
        }
    }

    @Test
    void entryOfANewerFormatIsRefused() {
        byte[] newer =
                dev.slipway.journal.v1.Entry.newBuilder()
                        .setFormat(EntryCodec.FORMAT + 1)
                        .build()
                        .toByteArray();

        assertThatThrownBy(() -> CODEC.decode(newer)).hasMessageContaining("format 2");
    }

    @Test
    void unknownEventIsRefused() {
        byte[] unknown =
                dev.slipway.journal.v1.Entry.newBuilder()
                        .setFormat(EntryCodec.FORMAT)
                        .addEvents(dev.slipway.journal.v1.Event.getDefaultInstance())
                        .build()
                        .toByteArray();

        assertThatThrownBy(() -> CODEC.decode(unknown)).hasMessageContaining("newer");
    }

    private static List<Event> oneOfEach() {
        var cancel = new CancelRequest("not needed", "ann", AT);
        var step =
                new StepState(
                        2,
                        "Test",
                        "test",
                        Status.FINISHED,
                        Conclusion.SUCCESS,
                        Conclusion.FAILURE,
                        AT,
                        AT,
                        17);
        var begun = new StepState(3, "Pack", "", Status.RUNNING, null, null, AT, null, -1);
        var outputs = RunSpec.sorted(Map.of("version", "1.2", "empty", ""));
        return List.of(
                new Event.EpochRaised("farm", 7, AT),
                new Event.AgentDrained("a1", "op", AT),
                new Event.AgentResumed("a1", "op", AT),
                new Event.RunQueued(head(), spec(), AT),
                new Event.RunSeated(41, AT),
                new Event.RunCancelRequested(41, cancel),
                new Event.RunFinished(41, Conclusion.TIMED_OUT, "late", AT),
                new Event.RunReopened(41, 2, List.of(1, 2), List.of(3), "token", "ann", AT),
                new Event.JobAdded(JOB, node(-1), "test", AT),
                new Event.JobPlanned(JOB, node(4), plan(), AT),
                new Event.JobBlocked(JOB, Hold.MAX_PARALLEL, AT),
                new Event.JobSeated(JOB, AT),
                new Event.JobQueued(JOB, AT),
                new Event.CallStarted(JOB, AT),
                new Event.JobCancelRequested(JOB, cancel),
                new Event.JobRetried(JOB, List.of("a1"), AT),
                new Event.JobFinished(JOB, Conclusion.SKIPPED, "why", outputs, "https://x", AT),
                new Event.JobLeased(
                        ATTEMPT,
                        AttemptReason.RETRY,
                        new Lease("a1", "one", "boot", 7, Duration.ofMinutes(60), AT)),
                new Event.AttemptStarted(ATTEMPT, AT.minusSeconds(1), AT),
                new Event.StepStarted(ATTEMPT, begun, AT),
                new Event.StepFinished(ATTEMPT, step, AT),
                new Event.AnnotationAdded(
                        ATTEMPT,
                        new Annotation(
                                "2:17:0", Annotation.Level.ERROR, "m", "t", "f", 1, 2, 3, 4, 2),
                        AT),
                new Event.SummaryAdded(ATTEMPT, 2, "# Fine", AT),
                new Event.TestsReported(ATTEMPT, tests(), AT),
                new Event.CancelAcknowledged(ATTEMPT, AT.plusSeconds(1), AT),
                new Event.LeaseLost(ATTEMPT, List.of("a1", "a2"), AT),
                new Event.AttemptFinished(
                        ATTEMPT,
                        new AttemptEnd(
                                Conclusion.FAILURE,
                                Cause.INFRASTRUCTURE,
                                "supervisor lost",
                                AT,
                                "disk",
                                9),
                        AT));
    }

    private static List<Event> files() {
        var name = new Cache.Name("o/r", "refs/heads/main", "v1", "npm-1");
        var content = new Artifact.Content("ab".repeat(32), 120);
        return List.of(
                new Event.ArtifactRecorded(
                        new Artifact(
                                5,
                                ATTEMPT,
                                2,
                                "app",
                                content,
                                1_000,
                                3,
                                AT,
                                AT.plus(Duration.ofDays(90))),
                        AT),
                new Event.ArtifactsRemoved(List.of(new Artifact.Name(41, "app")), AT),
                new Event.CacheRecorded(new Cache(name, content, 2_000, AT), AT),
                new Event.CachesRemoved(List.of(name), AT),
                new Event.RunsRemoved(List.of(1L, 2L), AT));
    }

    private static List<Event> recoveries() {
        var recovery =
                new Recovery(
                        2,
                        "builder-1",
                        AT,
                        AT.plusSeconds(3600),
                        "its machine is gone",
                        Conclusion.FAILURE,
                        RunSpec.sorted(Map.of("url", "x")),
                        "https://shop.example");
        return List.of(
                new Event.JobRecovering(JOB, recovery, AT),
                new Event.DeploymentChanged(deployment(Bytes.utf8("needs")), AT));
    }

    private static List<Event> deployments() {
        Deployment deployment = deployment(Bytes.EMPTY);
        var commit = new Commit("abc", List.of("def"), AT, "Fix it");
        return List.of(
                new Event.DeploymentBegun(deployment, List.of(commit), AT),
                new Event.DeploymentChanged(deployment, AT),
                new Event.EnvironmentConfigured(
                        deployment.environment(), "Production", rules(), "op", AT),
                new Event.JobApproved(JOB, "ann", "fine", AT),
                new Event.IncidentOpened(incident(), AT),
                new Event.IncidentClosed(incident().closed("bob", AT.plusSeconds(9)), AT));
    }

    private static Deployment deployment(Bytes sealed) {
        return new Deployment(
                new Deployment.Name(EnvironmentName.of("o/r", "Production"), 12),
                "Production",
                new Deployment.Origin(
                        ATTEMPT,
                        2,
                        "4/2",
                        "Ship it",
                        "ship",
                        ".github/workflows/cd.yml",
                        "push",
                        "abc",
                        "refs/heads/main",
                        "ann"),
                new Deployment.Target("docker", "shop", "shop@sha256:00"),
                Deployment.Phase.ROLLED_BACK,
                new Deployment.Times(AT, AT.plusSeconds(1), AT.plusSeconds(2), AT.plusSeconds(3)),
                "HTTP 500",
                Cause.USER_FAILURE,
                "shop@sha256:11",
                "https://shop.example",
                new Deployment.Lineage(11, "shop@sha256:11", 10, 3, true),
                sealed);
    }

    private static EnvironmentRules rules() {
        return new EnvironmentRules(
                2,
                Duration.ofMinutes(5),
                List.of("main", "release/*"),
                true,
                List.of(".github/workflows/cd.yml:ship"),
                RunSpec.sorted(Map.of("REGION", "eu")),
                new SealedSecrets(List.of("TOKEN"), Bytes.utf8("sealed")));
    }

    private static Incident incident() {
        return new Incident(
                3,
                EnvironmentName.of("o/r", "Production"),
                "Production",
                12,
                "pager-7",
                "slow",
                "ann",
                AT,
                null,
                "");
    }

    private static RunHead head() {
        return new RunHead(
                41,
                "o/r",
                "CI",
                ".github/workflows/ci.yml",
                "Fix it",
                "push",
                "refs/heads/main",
                "main",
                "abc",
                "ann",
                12,
                -3,
                Optional.of(new Concurrency("deploy", true, false)));
    }

    private static RunSpec spec() {
        return new RunSpec(
                "o/r",
                new WorkflowFile("ci.yml", Bytes.utf8("on: push")),
                List.of(new WorkflowFile("called.yml", Bytes.utf8("on: workflow_call"))),
                new EventFacts(
                        "push",
                        "{}",
                        "refs/heads/main",
                        "abc",
                        "",
                        "",
                        "main",
                        "ann",
                        Optional.of(List.of("a.txt"))),
                RunSpec.sorted(Map.of("in", "1")),
                RunSpec.sorted(Map.of("v", "2")),
                new SealedSecrets(List.of("TOKEN"), Bytes.utf8("sealed")),
                new Source.Bundle("00ff", 12),
                List.of("build"),
                RunSpec.sorted(Map.of("ubuntu-latest", "linux")),
                -3,
                true,
                "client-token",
                List.of());
    }

    private static JobNode node(int leg) {
        return new JobNode("test", leg, 3, 1, JobNode.Kind.CALL, List.of("build"));
    }

    private static JobPlan plan() {
        return new JobPlan(
                "test (1)",
                List.of("linux", "x64"),
                "{\"n\":1}",
                6,
                2,
                true,
                true,
                "production",
                true,
                Optional.of(new Concurrency("leg", false, true)),
                1.5,
                5);
    }

    private static TestReport tests() {
        return new TestReport(
                3,
                1,
                1,
                0,
                Duration.ofMillis(1234),
                List.of(new TestReport.Failure("s", "n", "m", "f", 3)),
                List.of(new TestReport.Slow("s", "n", Duration.ofMillis(900))));
    }
}
