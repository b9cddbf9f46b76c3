package dev.slipway.agent.image;

import dev.slipway.agent.docker.BuildSpec;
import dev.slipway.agent.docker.Credentials;
import dev.slipway.agent.docker.ImageName;

import java.util.List;
import java.util.Optional;

/// An image, where it comes from and where it goes.
///
/// @param tags full names, each with a tag; the first one names the image
/// @param login of the registry that the inputs name
public record ImageRequest(
        Making making, List<String> tags, boolean push, Optional<Credentials> login) {

    /// Where the image comes from.
    public sealed interface Making {}

    /// A Dockerfile, built by the engine.
    public record Build(BuildSpec spec) implements Making {}

    /// The engine has it already.
    ///
    /// @param image its name or id
    public record Existing(String image) implements Making {}

    /// A base image and files, put together without an engine.
    public record Assemble(Assembly assembly) implements Making {}

    /// The login for one of the tags; empty when the agent's own Docker configuration counts.
    public Optional<Credentials> login(String tag) {
        String registry = ImageName.parse(tag).registry();
        return login.filter(given -> given.registry().equals(registry));
    }
}
