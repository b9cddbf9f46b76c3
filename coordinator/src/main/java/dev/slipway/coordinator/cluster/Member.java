package dev.slipway.coordinator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A coordinator as the others see it.
///
/// @param id random, kept in its data directory
/// @param address `HOST:PORT` for the CLI and agents
/// @param http `HOST:PORT` of metrics and the like; empty when it serves none
/// @param version of the program
/// @param leading whether it serves as the leader
/// @param epoch the highest that it has applied, or writes with
/// @param control position in the control log that it has applied
/// @param output position in the output log that it has applied
public record Member(
        String id,
        String address,
        String http,
        String version,
        boolean leading,
        long epoch,
        long control,
        long output) {
    private static final JsonMapper JSON = new JsonMapper();

    /// Text, so that an operator can read it with ZooKeeper's own tools.
    byte[] encode() {
        var to = JSON.createObjectNode();
        to.put("id", id);
        to.put("address", address);
        to.put("http", http);
        to.put("version", version);
        to.put("leading", leading);
        to.put("epoch", epoch);
        to.put("control", control);
        to.put("output", output);
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
                from.path("id").asText(),
                from.path("address").asText(),
                from.path("http").asText(),
                from.path("version").asText(),
                from.path("leading").asBoolean(),
                from.path("epoch").asLong(),
                from.path("control").asLong(),
                from.path("output").asLong());
    }
}
