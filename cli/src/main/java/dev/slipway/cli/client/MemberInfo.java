package dev.slipway.cli.client;

/// A coordinator of the farm.
///
/// @param position how far it has applied the journal
/// @param controlLag entries that the leader has and this one has not applied
/// @param outputLag the same of build output
public record MemberInfo(
        String id,
        String address,
        String version,
        boolean leads,
        long epoch,
        long position,
        long controlLag,
        long outputLag) {}
