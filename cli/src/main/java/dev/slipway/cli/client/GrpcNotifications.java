package dev.slipway.cli.client;

import dev.slipway.api.v1.ListNotificationRulesRequest;
import dev.slipway.api.v1.ListNotificationsRequest;
import dev.slipway.api.v1.Notification;
import dev.slipway.api.v1.NotificationRule;
import dev.slipway.api.v1.NotificationServiceGrpc;
import dev.slipway.api.v1.NotificationServiceGrpc.NotificationServiceBlockingStub;
import dev.slipway.api.v1.RemoveNotificationRuleRequest;
import dev.slipway.api.v1.SetNotificationRuleRequest;
import dev.slipway.api.v1.SettleNotificationsRequest;
import dev.slipway.api.v1.TestNotificationRuleRequest;

import io.grpc.Channel;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// {@link Notifications} of a farm with a coordinator.
final class GrpcNotifications implements Notifications {
    private final Connection connection;

    GrpcNotifications(Connection connection) {
        this.connection = connection;
    }

    private static NotificationServiceBlockingStub service(Channel channel) {
        return NotificationServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public Rule set(Rule rule, Map<String, String> secrets, String by) throws InterruptedException {
        var request =
                SetNotificationRuleRequest.newBuilder()
                        .setRule(
                                NotificationRule.newBuilder()
                                        .setName(rule.name())
                                        .addAllOn(rule.on())
                                        .addAllProjects(rule.where().projects())
                                        .addAllWorkflows(rule.where().workflows())
                                        .addAllBranches(rule.where().branches())
                                        .addAllEnvironments(rule.where().environments())
                                        .setDestination(rule.destination())
                                        .putAllSettings(rule.settings()))
                        .putAllSecrets(secrets)
                        .setBy(by)
                        .build();
        return rule(
                connection
                        .call(channel -> service(channel).setNotificationRule(request))
                        .getRule());
    }

    @Override
    public void remove(String name, String by) throws InterruptedException {
        var request = RemoveNotificationRuleRequest.newBuilder().setName(name).setBy(by).build();
        connection.call(channel -> service(channel).removeNotificationRule(request));
    }

    @Override
    public List<Rule> rules() throws InterruptedException {
        var request = ListNotificationRulesRequest.getDefaultInstance();
        return connection
                .call(channel -> service(channel).listNotificationRules(request))
                .getRulesList()
                .stream()
                .map(GrpcNotifications::rule)
                .toList();
    }

    @Override
    public String test(String name) throws InterruptedException {
        var request = TestNotificationRuleRequest.newBuilder().setName(name).build();
        return connection
                .call(channel -> service(channel).testNotificationRule(request))
                .getProblem();
    }

    @Override
    public Page list(boolean deadOnly, int limit) throws InterruptedException {
        var request =
                ListNotificationsRequest.newBuilder().setDeadOnly(deadOnly).setLimit(limit).build();
        var page = connection.call(channel -> service(channel).listNotifications(request));
        return new Page(
                page.getNotificationsList().stream().map(GrpcNotifications::owed).toList(),
                page.getWaiting(),
                page.getDead());
    }

    @Override
    public int settle(List<Long> ids, boolean discard, String by) throws InterruptedException {
        var request =
                SettleNotificationsRequest.newBuilder()
                        .addAllIds(ids)
                        .setAll(ids.isEmpty())
                        .setDiscard(discard)
                        .setBy(by)
                        .build();
        return connection
                .call(channel -> service(channel).settleNotifications(request))
                .getNotifications();
    }

    private static Rule rule(NotificationRule from) {
        return new Rule(
                from.getName(),
                from.getOnList(),
                new Where(
                        from.getProjectsList(),
                        from.getWorkflowsList(),
                        from.getBranchesList(),
                        from.getEnvironmentsList()),
                from.getDestination(),
                from.getSettingsMap(),
                from.getSecretNamesList(),
                from.getDropped());
    }

    private static Owed owed(Notification from) {
        return new Owed(
                from.getId(),
                from.getRule(),
                from.getOccasion(),
                from.getTitle(),
                Instant.ofEpochSecond(from.getAt().getSeconds(), from.getAt().getNanos()),
                from.getTries(),
                from.getDead(),
                from.getProblem());
    }
}
