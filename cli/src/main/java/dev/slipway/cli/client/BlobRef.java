package dev.slipway.cli.client;

/// Content by its digest: SHA-256 in 64 lower-case hexadecimal digits, length in bytes.
public record BlobRef(String sha256, long size) {}
