package dev.slipway.cli.client;

/// Why a job waits, and what to do about it (the advice may be empty).
public record WaitReason(String job, Status status, String reason, String advice) {}
