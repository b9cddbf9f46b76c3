package dev.slipway.coordinator.model;

import java.time.Instant;
import java.util.Comparator;

/// A cache entry; written once, it never changes.
///
/// @param manifest the blob that lists its files
/// @param size bytes of content
public record Cache(Name name, Artifact.Content manifest, long size, Instant createdAt) {
    /// What a cache is found by.
    ///
    /// @param scope a ref
    /// @param version a digest of the paths
    /// @param key as the step wrote it
    public record Name(String project, String scope, String version, String key)
            implements Comparable<Name> {
        private static final Comparator<Name> ORDER =
                Comparator.comparing(Name::project)
                        .thenComparing(Name::scope)
                        .thenComparing(Name::version)
                        .thenComparing(Name::key);

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }

    /// As the step wrote it.
    public String key() {
        return name.key();
    }
}
