package dev.slipway.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the job's token may do (`permissions`).
///
/// @param kind whether the key is absent, one word, or a mapping
/// @param scopes for a mapping: scope to access, in file order; every other scope is none
public record Permissions(Kind kind, Map<String, Access> scopes, Position position) {

    /// The key is not written: whatever the level above says.
    public static final Permissions UNSPECIFIED =
            new Permissions(Kind.UNSPECIFIED, Map.of(), Position.START);

    /// What the words `read-all` and `write-all` stand for.
    private static final List<String> SCOPES =
            List.of(
                    "actions",
                    "artifact-metadata",
                    "attestations",
                    "checks",
                    "contents",
                    "deployments",
                    "discussions",
                    "id-token",
                    "issues",
                    "models",
                    "packages",
                    "pages",
                    "pull-requests",
                    "repository-projects",
                    "security-events",
                    "statuses");

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

    /// These permissions, or the given ones when nothing is written.
    public Permissions or(Permissions above) {
        return kind == Kind.UNSPECIFIED ? above : this;
    }

    /// The scopes to which these permissions give more access than the given ones.
    public List<String> beyond(Permissions limit) {
        List<String> mine =
                switch (kind) {
                    case UNSPECIFIED -> List.of();
                    case SCOPES -> List.copyOf(scopes.keySet());
                    case READ_ALL, WRITE_ALL -> SCOPES;
                };
        return mine.stream()
                .filter(scope -> access(scope).compareTo(limit.access(scope)) > 0)
                .toList();
    }

    /// The access to one scope; unspecified permissions answer {@link Access#WRITE}.
    public Access access(String scope) {
        return switch (kind) {
            case UNSPECIFIED -> Access.WRITE;
            case WRITE_ALL -> scope.equals("models") ? Access.READ : Access.WRITE;
            case READ_ALL -> Access.READ;
            case SCOPES -> scopes.getOrDefault(scope, Access.NONE);
        };
    }
}
