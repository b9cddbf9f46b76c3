package dev.slipway.coordinator.api;

import dev.slipway.api.v1.SetNotificationRuleRequest;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Channel;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.notify.Sender;
import dev.slipway.coordinator.rules.RuleMatch;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What people say of notification rules, checked.
final class NotificationRequests {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,50}");
    private static final int MAX_PATTERNS = 100;

    private final SecretBox box;

    NotificationRequests(SecretBox box) {
        this.box = box;
    }

    /// @throws SlipwayException INVALID_ARGUMENT
    NotificationRule rule(SetNotificationRuleRequest request) {
        try {
            return checked(request);
        } catch (IllegalArgumentException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private NotificationRule checked(SetNotificationRuleRequest request) {
        var from = request.getRule();
        if (!NAME.matcher(from.getName()).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no rule's name: 1 to 50 letters, digits, - and _."
                            .formatted(from.getName()));
        }
        var on = new TreeSet<Occasion>();
        from.getOnList().forEach(label -> on.add(Occasion.of(label)));
        if (on.isEmpty()) {
            throw new IllegalArgumentException(
                    "What is '%s' to tell of? Say on what, e.g. --on failure,recovery."
                            .formatted(from.getName()));
        }
        patterns(from.getProjectsList());
        patterns(from.getWorkflowsList());
        patterns(from.getBranchesList());
        patterns(from.getEnvironmentsList());
        if (from.getEnvironmentsCount() > 0 && on.stream().noneMatch(Occasion::ofDeployment)) {
            throw new IllegalArgumentException(
                    "Only deployments have an environment, but the rule is about none. Add e.g."
                            + " --on deployment-failed, or leave the environment away.");
        }
        var secrets = new TreeMap<>(request.getSecretsMap());
        var rule =
                new NotificationRule(
                        from.getName(),
                        on,
                        new NotificationRule.Where(
                                from.getProjectsList(),
                                from.getWorkflowsList(),
                                from.getBranchesList(),
                                from.getEnvironmentsList()),
                        Channel.of(from.getDestination()),
                        new TreeMap<>(from.getSettingsMap()),
                        SealedSecrets.NONE);
        Sender.check(rule, secrets);
        return secrets.isEmpty() ? rule : sealed(rule, secrets);
    }

    private NotificationRule sealed(NotificationRule rule, TreeMap<String, String> secrets) {
        return new NotificationRule(
                rule.name(),
                rule.on(),
                rule.where(),
                rule.channel(),
                rule.settings(),
                new SealedSecrets(
                        List.copyOf(secrets.keySet()),
                        Bytes.copyOf(box.seal(rule.owner(), secrets))));
    }

    private static void patterns(List<String> patterns) {
        if (patterns.size() > MAX_PATTERNS) {
            throw new IllegalArgumentException("At most 100 patterns of one kind are possible.");
        }
        RuleMatch.check(patterns);
    }
}
