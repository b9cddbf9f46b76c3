package dev.slipway.agent.image;

import dev.slipway.agent.docker.BuildSpec;
import dev.slipway.agent.docker.Credentials;
import dev.slipway.agent.docker.ImageName;

import java.util.List;
import java.util.Optional;

/// An image to build, and where it goes.
///
/// @param tags full names, each with a tag; the first one names the image
/// @param login of the registry that the inputs name
public record ImageRequest(
        BuildSpec build, List<String> tags, boolean push, Optional<Credentials> login) {

    /// The login for one of the tags; empty when the agent's own Docker configuration counts.
    public Optional<Credentials> login(String tag) {
        String registry = ImageName.parse(tag).registry();
        return login.filter(given -> given.registry().equals(registry));
    }
}
