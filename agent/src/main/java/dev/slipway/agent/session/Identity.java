package dev.slipway.agent.session;

/// Who this agent is.
///
/// @param agentId random, kept in the work directory
/// @param name what people call it
/// @param bootId this boot of this machine
/// @param processId random for this process: tells a reconnect from a second live agent
/// @param version of the program
public record Identity(
        String agentId, String name, String bootId, String processId, String version) {}
