package dev.slipway.coordinator.sessions;

import java.util.List;

/// What an attempt may do with the farm's stores.
///
/// @param runAttempt the run attempt that it belongs to
/// @param cacheScopes refs whose caches it may read; it writes to the first
/// @param cacheMode `read`, `write`, `write-only` or `none`
public record AttemptRights(
        String project, int runAttempt, List<String> cacheScopes, String cacheMode) {
    public AttemptRights {
        cacheScopes = List.copyOf(cacheScopes);
    }

    public boolean mayReadCaches() {
        return cacheMode.equals("read") || cacheMode.equals("write");
    }

    public boolean mayWriteCaches() {
        return cacheMode.equals("write") || cacheMode.equals("write-only");
    }
}
