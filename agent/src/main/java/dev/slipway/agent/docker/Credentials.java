package dev.slipway.agent.docker;

import com.github.dockerjava.api.model.AuthConfig;

/// Who logs in at a registry.
///
/// @param registry its host (and port); empty means Docker Hub
/// @param username {@link #TOKEN} when the password is an identity token, as credential helpers
///   write it
public record Credentials(String registry, String username, String password) {
    /// Where Docker Hub's logins are kept.
    static final String HUB = "https://index.docker.io/v1/";

    static final String TOKEN = "<token>";

    AuthConfig toAuthConfig() {
        var config = new AuthConfig().withRegistryAddress(registry.isEmpty() ? HUB : registry);
        return username.equals(TOKEN)
                ? config.withIdentityToken(password)
                : config.withUsername(username).withPassword(password);
    }

    /// Names no password.
    @Override
    public String toString() {
        return "Credentials[" + username + " at " + registry + "]";
    }
}
