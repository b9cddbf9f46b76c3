package dev.slipway.coordinator.api;

import dev.slipway.api.v1.ListNotificationRulesRequest;
import dev.slipway.api.v1.ListNotificationRulesResponse;
import dev.slipway.api.v1.ListNotificationsRequest;
import dev.slipway.api.v1.ListNotificationsResponse;
import dev.slipway.api.v1.NotificationServiceGrpc;
import dev.slipway.api.v1.RemoveNotificationRuleRequest;
import dev.slipway.api.v1.RemoveNotificationRuleResponse;
import dev.slipway.api.v1.SetNotificationRuleRequest;
import dev.slipway.api.v1.SetNotificationRuleResponse;
import dev.slipway.api.v1.SettleNotificationsRequest;
import dev.slipway.api.v1.SettleNotificationsResponse;
import dev.slipway.api.v1.TestNotificationRuleRequest;
import dev.slipway.api.v1.TestNotificationRuleResponse;
import dev.slipway.coordinator.model.Channel;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.NotificationView;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.notify.Outcome;
import dev.slipway.coordinator.notify.Sender;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;

import io.grpc.stub.StreamObserver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// Whom the farm tells of what, and what it still owes.
final class NotificationApi extends NotificationServiceGrpc.NotificationServiceImplBase {
    private static final int USUAL_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Calls calls;
    private final Leadership leadership;
    private final NotificationRequests requests;
    private final Sender sender;
    private final Clock clock;
    private final Ids ids;

    NotificationApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.requests = new NotificationRequests(parts.secrets());
        this.sender = parts.sender();
        this.clock = parts.clock();
        this.ids = parts.ids();
    }

    @Override
    public void setNotificationRule(
            SetNotificationRuleRequest request,
            StreamObserver<SetNotificationRuleResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    NotificationRule rule = requests.rule(request);
                    leadership
                            .require()
                            .engine()
                            .ask(new Command.SetNotificationRule(rule, Asked.who(request.getBy())));
                    return SetNotificationRuleResponse.newBuilder()
                            .setRule(message(rule, 0))
                            .build();
                });
    }

    @Override
    public void removeNotificationRule(
            RemoveNotificationRuleRequest request,
            StreamObserver<RemoveNotificationRuleResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    leadership
                            .require()
                            .engine()
                            .ask(
                                    new Command.RemoveNotificationRule(
                                            request.getName(), Asked.who(request.getBy())));
                    return RemoveNotificationRuleResponse.getDefaultInstance();
                });
    }

    @Override
    public void listNotificationRules(
            ListNotificationRulesRequest request,
            StreamObserver<ListNotificationRulesResponse> answers) {
        calls.unary(
                answers,
                () ->
                        ListNotificationRulesResponse.newBuilder()
                                .addAllRules(read(NotificationApi::rules))
                                .build());
    }

    private static List<dev.slipway.api.v1.NotificationRule> rules(NotificationView known) {
        return known.rules().stream()
                .map(rule -> message(rule, known.dropped(rule.name())))
                .toList();
    }

    @Override
    public void testNotificationRule(
            TestNotificationRuleRequest request,
            StreamObserver<TestNotificationRuleResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    NotificationRule rule =
                            read(known -> known.rule(request.getName()))
                                    .orElseThrow(() -> unknown(request.getName()));
                    String problem =
                            switch (sender.send(rule, sample(rule))) {
                                case Outcome.Taken _ -> "";
                                case Outcome.NotNow later -> later.why();
                                case Outcome.Never never -> never.why();
                            };
                    return TestNotificationRuleResponse.newBuilder().setProblem(problem).build();
                });
    }

    private static SlipwayException unknown(String name) {
        return new SlipwayException(
                ErrorCode.NOTIFICATION_NOT_FOUND,
                "There is no notification rule '%s'; `slipway notifications rules` lists them."
                        .formatted(name));
    }

    private Notification sample(NotificationRule rule) {
        return new Notification(
                0,
                rule.name(),
                "test/" + ids.fresh() + "/" + rule.name(),
                Occasion.DEPLOYMENT_STARTED,
                new Notification.Subject("slipway", "", "", "", 0, "test", 0),
                new Notification.Said(
                        "Slipway: a test of the rule " + rule.name(),
                        "Whoever reads this is told when the rule applies.",
                        "test"),
                clock.now(),
                0,
                false,
                "");
    }

    @Override
    public void listNotifications(
            ListNotificationsRequest request, StreamObserver<ListNotificationsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    int limit = Asked.limit(request.getLimit(), USUAL_LIMIT, MAX_LIMIT);
                    return read(
                            known -> {
                                Collection<Notification> all =
                                        request.getDeadOnly() ? known.dead() : known.kept();
                                return ListNotificationsResponse.newBuilder()
                                        .addAllNotifications(
                                                all.stream()
                                                        .limit(limit)
                                                        .map(NotificationApi::message)
                                                        .toList())
                                        .setWaiting(known.waiting())
                                        .setDead(known.dead().size())
                                        .build();
                            });
                });
    }

    @Override
    public void settleNotifications(
            SettleNotificationsRequest request,
            StreamObserver<SettleNotificationsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    List<Long> which = new ArrayList<>(request.getIdsList());
                    if (which.isEmpty() != request.getAll() || which.size() > MAX_LIMIT) {
                        throw new SlipwayException(
                                ErrorCode.INVALID_ARGUMENT,
                                "Name 1 to %d notifications, or all.".formatted(MAX_LIMIT));
                    }
                    var settled =
                            leadership
                                    .require()
                                    .engine()
                                    .ask(
                                            new Command.SettleNotifications(
                                                    which,
                                                    request.getDiscard(),
                                                    Asked.who(request.getBy())));
                    return SettleNotificationsResponse.newBuilder()
                            .setNotifications(settled.notifications())
                            .build();
                });
    }

    private <T> T read(Function<NotificationView, T> reader) throws InterruptedException {
        return leadership
                .require()
                .engine()
                .read(view -> reader.apply(view.farm().notifications()));
    }

    private static dev.slipway.api.v1.NotificationRule message(
            NotificationRule rule, long dropped) {
        NotificationRule.Where where = rule.where();
        Channel channel = rule.channel();
        return dev.slipway.api.v1.NotificationRule.newBuilder()
                .setName(rule.name())
                .addAllOn(rule.on().stream().map(Occasion::label).toList())
                .addAllProjects(where.projects())
                .addAllWorkflows(where.workflows())
                .addAllBranches(where.branches())
                .addAllEnvironments(where.environments())
                .setDestination(channel.label())
                .putAllSettings(rule.settings())
                .addAllSecretNames(rule.secrets().names())
                .setDropped(dropped)
                .build();
    }

    private static dev.slipway.api.v1.Notification message(Notification one) {
        return dev.slipway.api.v1.Notification.newBuilder()
                .setId(one.id())
                .setRule(one.rule())
                .setKey(one.key())
                .setOccasion(one.occasion().label())
                .setProject(one.subject().project())
                .setRun(one.subject().run())
                .setTitle(one.said().title())
                .setAt(Messages.time(one.at()))
                .setTries(one.tries())
                .setDead(one.dead())
                .setProblem(one.problem())
                .build();
    }
}
