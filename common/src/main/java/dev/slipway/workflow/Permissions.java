package dev.slipway.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the job's token may do (`permissions`).
///
/// @param kind whether the key is absent, one word, or a mapping
/// @param scopes for a mapping: scope to access, in file order; every other scope is none
public record Permissions(Kind kind, Map<String, Access> scopes, Position position) {

    /// The key is not written: whatever the level above says.
    public static final Permissions UNSPECIFIED =
            new Permissions(Kind.UNSPECIFIED, Map.of(), Position.START);

    /// The form in which permissions are written.
    public enum Kind {
        UNSPECIFIED,
        READ_ALL,
        WRITE_ALL,
        SCOPES
    }

    /// What one scope may do; each includes the ones before it.
    public enum Access {
        NONE,
        READ,
        WRITE
    }

    public Permissions {
        scopes = Collections.unmodifiableMap(new LinkedHashMap<>(scopes));
    }

    /// The access to one scope; unspecified permissions answer {@link Access#WRITE}.
    public Access access(String scope) {
        return switch (kind) {
            case UNSPECIFIED, WRITE_ALL -> Access.WRITE;
            case READ_ALL -> Access.READ;
            case SCOPES -> scopes.getOrDefault(scope, Access.NONE);
        };
    }
}
