package dev.slipway.coordinator.storage;

import com.google.protobuf.ByteString;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Channel;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.journal.v1.NotificationLine;

import java.util.TreeMap;
import java.util.TreeSet;

/// Notification rules and what they owe, as `slipway.journal.v1` has them.
public final class NotificationCodec {
    private NotificationCodec() {}

    public static dev.slipway.journal.v1.NotificationRule toProto(NotificationRule from) {
        return dev.slipway.journal.v1.NotificationRule.newBuilder()
                .setName(from.name())
                .addAllOn(from.on().stream().map(Occasion::number).toList())
                .addAllProjects(from.where().projects())
                .addAllWorkflows(from.where().workflows())
                .addAllBranches(from.where().branches())
                .addAllEnvironments(from.where().environments())
                .setChannel(from.channel().number())
                .putAllSettings(from.settings())
                .addAllSecretNames(from.secrets().names())
                .setSecretCiphertext(ByteString.copyFrom(from.secrets().ciphertext().toArray()))
                .build();
    }

    public static NotificationRule fromProto(dev.slipway.journal.v1.NotificationRule from) {
        var on = new TreeSet<Occasion>();
        from.getOnList().forEach(number -> on.add(Occasion.of(number)));
        return new NotificationRule(
                from.getName(),
                on,
                new NotificationRule.Where(
                        from.getProjectsList(),
                        from.getWorkflowsList(),
                        from.getBranchesList(),
                        from.getEnvironmentsList()),
                Channel.of(from.getChannel()),
                new TreeMap<>(from.getSettingsMap()),
                new SealedSecrets(
                        from.getSecretNamesList(),
                        Bytes.copyOf(from.getSecretCiphertext().toByteArray())));
    }

    public static dev.slipway.journal.v1.Notification toProto(Notification from) {
        Notification.Subject subject = from.subject();
        return dev.slipway.journal.v1.Notification.newBuilder()
                .setId(from.id())
                .setRule(from.rule())
                .setKey(from.key())
                .setOccasion(from.occasion().number())
                .setProject(subject.project())
                .setWorkflow(subject.workflow())
                .setBranch(subject.branch())
                .setSha(subject.sha())
                .setRun(subject.run())
                .setEnvironment(subject.environment())
                .setDeployment(subject.deployment())
                .setTitle(from.said().title())
                .setText(from.said().text())
                .setStatus(from.said().status())
                .setAtMs(Millis.of(from.at()))
                .setTries(from.tries())
                .setDead(from.dead())
                .setProblem(from.problem())
                .build();
    }

    public static Notification fromProto(dev.slipway.journal.v1.Notification from) {
        return new Notification(
                from.getId(),
                from.getRule(),
                from.getKey(),
                Occasion.of(from.getOccasion()),
                new Notification.Subject(
                        from.getProject(),
                        from.getWorkflow(),
                        from.getBranch(),
                        from.getSha(),
                        from.getRun(),
                        from.getEnvironment(),
                        from.getDeployment()),
                new Notification.Said(from.getTitle(), from.getText(), from.getStatus()),
                Millis.at(from.getAtMs()),
                from.getTries(),
                from.getDead(),
                from.getProblem());
    }

    public static NotificationLine toProto(Notification.Line from) {
        return NotificationLine.newBuilder()
                .setProject(from.project())
                .setWorkflow(from.workflow())
                .setBranch(from.branch())
                .build();
    }

    public static Notification.Line fromProto(NotificationLine from) {
        return new Notification.Line(from.getProject(), from.getWorkflow(), from.getBranch());
    }
}
