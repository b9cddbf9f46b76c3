package dev.slipway.coordinator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Progress;
import dev.slipway.coordinator.engine.Membership.Self;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A member as its node in ZooKeeper holds it: JSON, so that an operator can read it with
/// ZooKeeper's own tools.
final class MemberCodec {
    private static final JsonMapper JSON = new JsonMapper();

    private MemberCodec() {}

    static byte[] encode(Member member) {
        var to = JSON.createObjectNode();
        Self self = member.self();
        to.put("id", self.id());
        to.put("address", self.address());
        to.put("version", self.version());
        Progress progress = member.progress();
        to.put("leads", progress.leads());
        to.put("epoch", progress.epoch());
        to.put("position", progress.position());
        to.put("control", progress.control());
        to.put("output", progress.output());
        to.put("durable_control", progress.durableControl());
        to.put("durable_output", progress.durableOutput());
        try {
            return JSON.writeValueAsString(to).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Fields that it does not know are a newer version's; those that are missing are empty.
    ///
    /// @throws IOException when it is something else
    static Member decode(byte[] bytes) throws IOException {
        JsonNode from = JSON.readTree(bytes);
        return new Member(
                new Self(
                        from.path("id").asText(),
                        from.path("address").asText(),
                        from.path("version").asText()),
                new Progress(
                        from.path("leads").asBoolean(),
                        from.path("epoch").asLong(),
                        from.path("position").asLong(),
                        from.path("control").asLong(),
                        from.path("output").asLong(),
                        from.path("durable_control").asLong(),
                        from.path("durable_output").asLong()));
    }
}
