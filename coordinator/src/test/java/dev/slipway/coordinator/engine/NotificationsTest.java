package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Channel;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.NotificationRule.Where;
import dev.slipway.coordinator.model.NotificationView;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.error.ErrorCode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// Which rule owes a message for which event, and what becomes of it.
class NotificationsTest {
    private static final String PLAIN =
            "on: push\njobs:\n  a: {runs-on: linux, steps: [{run: x}]}\n";
    private static final String SHIP =
            "on: push\njobs:\n  a: {runs-on: linux, environment: Production, steps: [{run: x}]}\n";
    private static final Set<Occasion> RUNS = Set.of(Occasion.FAILURE, Occasion.RECOVERY);

    private final EngineFixture farm = new EngineFixture();

    @BeforeEach
    void connect() {
        farm.agent("a1", 4, "linux");
    }

    private void rule(String name, Set<Occasion> on, Where where) {
        farm.accept(
                new Command.SetNotificationRule(
                        new NotificationRule(
                                name,
                                on,
                                where,
                                Channel.SLACK,
                                new TreeMap<>(),
                                SealedSecrets.NONE),
                        "op"));
    }

    private long run(String workflow, boolean well) {
        long run = farm.submit(workflow);
        if (well) {
            farm.succeed(farm.job(run, "a"));
        } else {
            farm.fail(farm.job(run, "a"));
        }
        return run;
    }

    private NotificationView view() {
        return farm.farm().notifications();
    }

    private List<Occasion> owed() {
        return view().kept().stream().map(Notification::occasion).toList();
    }

    @Test
    void everyFailureAndOnlyTheFirstSuccessAfterItIsToldOf() {
        rule("team", RUNS, Where.ANYWHERE);

        run(PLAIN, true);
        run(PLAIN, false);
        run(PLAIN, false);
        run(PLAIN, true);
        run(PLAIN, true);

        assertThat(owed()).containsExactly(Occasion.FAILURE, Occasion.FAILURE, Occasion.RECOVERY);
        assertThat(view().kept())
                .extracting(one -> one.said().title())
                .endsWith("acme/app: .github/workflows/ci.yml succeeds again on main");
        farm.checkReplay();
    }

    @Test
    void failureBeforeTheRuleCountsForTheRecovery() {
        run(PLAIN, false);
        rule("team", RUNS, Where.ANYWHERE);
        farm.restart();
        farm.agent("a1", 4, "linux");

        run(PLAIN, true);

        assertThat(owed()).containsExactly(Occasion.RECOVERY);
    }

    @Test
    void patternsSayWhatARuleIsAbout() {
        rule(
                "here",
                RUNS,
                new Where(List.of("acme/*"), List.of("**/ci.yml"), List.of("main"), List.of()));
        rule("project", RUNS, new Where(List.of("other/*"), List.of(), List.of(), List.of()));
        rule("workflow", RUNS, new Where(List.of(), List.of("**/cd.yml"), List.of(), List.of()));
        rule("branch", RUNS, new Where(List.of(), List.of(), List.of("**", "!main"), List.of()));
        rule("environment", RUNS, new Where(List.of(), List.of(), List.of(), List.of("**")));

        run(PLAIN, false);

        assertThat(view().kept()).extracting(Notification::rule).containsExactly("here");
    }

    @Test
    void deploymentsAreToldOfOnceEach() {
        rule(
                "all",
                Set.of(Occasion.values()),
                new Where(List.of(), List.of(), List.of(), List.of("Prod*")));

        run(SHIP, true);
        run(SHIP, false);

        assertThat(owed())
                .containsExactly(
                        Occasion.DEPLOYMENT_STARTED,
                        Occasion.DEPLOYMENT_SUCCEEDED,
                        Occasion.DEPLOYMENT_STARTED,
                        Occasion.DEPLOYMENT_FAILED);
        farm.checkReplay();
    }

    @Test
    void keyNamesTheEventAndTheRule() {
        rule("one", RUNS, Where.ANYWHERE);
        rule("two", RUNS, Where.ANYWHERE);
        long run = run(PLAIN, false);
        farm.accept(new Command.RerunRun(run, RerunScope.FAILED, "", "", "ann"));
        farm.fail(farm.job(run, "a"));

        String id = farm.farm().farmId();
        assertThat(view().kept())
                .extracting(Notification::key)
                .containsExactly(
                        id + "/run-1-1/failure/one",
                        id + "/run-1-1/failure/two",
                        id + "/run-1-2/failure/one",
                        id + "/run-1-2/failure/two");
        assertThat(view().kept()).extracting(Notification::id).doesNotHaveDuplicates();
    }

    @Test
    void whatIsOwedSurvivesARestartAndGoesWhenItIsTaken() {
        rule("team", RUNS, Where.ANYWHERE);
        run(PLAIN, false);
        farm.restart();

        Notification owed = view().heads().getFirst();
        farm.accept(new Command.NotificationTried(owed.id(), "HTTP 503", false));
        assertThat(view().heads().getFirst().tries()).isEqualTo(1);
        farm.accept(new Command.NotificationTried(owed.id(), "", false));
        farm.accept(new Command.NotificationTried(owed.id(), "", false));

        assertThat(view().kept()).isEmpty();
        farm.checkReplay();
    }

    @Test
    void afterTheLastTryItIsDeadUntilReplayed() {
        rule("team", RUNS, Where.ANYWHERE);
        run(PLAIN, false);
        long id = view().heads().getFirst().id();
        for (int i = 0; i < Notification.MAX_TRIES; i++) {
            assertThat(view().dead()).isEmpty();
            farm.accept(new Command.NotificationTried(id, "HTTP 503", false));
        }

        assertThat(view().dead()).extracting(Notification::problem).containsExactly("HTTP 503");
        assertThat(view().heads()).isEmpty();
        assertThat(settle(List.of(), false)).isEqualTo(1);
        assertThat(view().heads()).extracting(Notification::tries).containsExactly(0);
        farm.accept(new Command.NotificationTried(id, "HTTP 404", true));
        assertThat(settle(List.of(id), true)).isEqualTo(1);
        assertThat(view().kept()).isEmpty();
        assertThat(farm.refuse(new Command.SettleNotifications(List.of(id), true, "op")).code())
                .isEqualTo(ErrorCode.NOTIFICATION_NOT_FOUND);
        farm.checkReplay();
    }

    private int settle(List<Long> ids, boolean discard) {
        return farm.accept(new Command.SettleNotifications(ids, discard, "op")).notifications();
    }

    @Test
    void removedRuleOwesNothing() {
        rule("team", RUNS, Where.ANYWHERE);
        rule("other", RUNS, Where.ANYWHERE);
        run(PLAIN, false);

        farm.accept(new Command.RemoveNotificationRule("team", "op"));

        assertThat(view().kept()).extracting(Notification::rule).containsExactly("other");
        assertThat(farm.refuse(new Command.RemoveNotificationRule("team", "op")).code())
                .isEqualTo(ErrorCode.NOTIFICATION_NOT_FOUND);
        farm.checkReplay();
    }
}
