package dev.slipway.agent.docker;

import com.github.dockerjava.api.model.AuthConfig;

/// Who logs in at a registry.
///
/// @param registry its host (and port); empty means Docker Hub
public record Credentials(String registry, String username, String password) {
    /// Where Docker Hub's logins are kept.
    static final String HUB = "https://index.docker.io/v1/";

    AuthConfig toAuthConfig() {
        return new AuthConfig()
                .withRegistryAddress(registry.isEmpty() ? HUB : registry)
                .withUsername(username)
                .withPassword(password);
    }

    /// Names no password.
    @Override
    public String toString() {
        return "Credentials[" + username + " at " + registry + "]";
    }
}
