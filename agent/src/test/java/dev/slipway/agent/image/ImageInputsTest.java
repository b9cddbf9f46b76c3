package dev.slipway.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.docker.Credentials;
import dev.slipway.agent.image.ImageInputs.Origin;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

class ImageInputsTest {
    private static final Origin ORIGIN =
            new Origin("https://example.com/a/b", "abc", Instant.parse("2026-12-01T10:00:00.5Z"));

    @TempDir private Path workspace;
    private final Map<String, String> given = new HashMap<>(Map.of("tags", "team/app:1"));

    @BeforeEach
    void dockerfile() throws IOException {
        Files.writeString(workspace.resolve("Dockerfile"), "FROM scratch");
    }

    private ImageRequest request() {
        return new ImageInputs(new Inputs(name -> given.getOrDefault(name, "")))
                .request(workspace, ORIGIN);
    }

    private void assertRefused(String name, String value, String why) {
        String before = given.getOrDefault(name, "");
        given.put(name, value);
        assertThatThrownBy(this::request)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
        given.put(name, before);
    }

    @Test
    void tagsWithoutARegistryBelongToTheGivenOne() {
        given.put("tags", "app, team/app:1.2\nghcr.io/team/app:1.2\n\napp");
        assertThat(request().tags())
                .containsExactly("app:latest", "team/app:1.2", "ghcr.io/team/app:1.2");

        given.put("registry", "localhost:5000");
        assertThat(request().tags())
                .containsExactly(
                        "localhost:5000/app:latest",
                        "localhost:5000/team/app:1.2",
                        "ghcr.io/team/app:1.2");
    }

    @Test
    void loginIsForItsRegistryOnly() {
        given.putAll(
                Map.of(
                        "registry", "r.example:5000",
                        "username", "ci",
                        "password", "secret",
                        "tags", "app:1\nghcr.io/app:1"));

        ImageRequest request = request();

        assertThat(request.login("r.example:5000/app:1"))
                .contains(new Credentials("r.example:5000", "ci", "secret"));
        assertThat(request.login("ghcr.io/app:1")).isEmpty();
        assertThat(request.toString()).doesNotContain("secret");
    }

    @Test
    void standardLabelsAreThereAndMayBeReplaced() {
        given.put("labels", "team=web\norg.opencontainers.image.source=elsewhere=x");

        assertThat(request().build().labels())
                .containsOnly(
                        Map.entry("org.opencontainers.image.source", "elsewhere=x"),
                        Map.entry("org.opencontainers.image.revision", "abc"),
                        Map.entry("org.opencontainers.image.created", "2026-12-01T10:00:00Z"),
                        Map.entry("team", "web"));
    }

    @Test
    void contextAndFileAreOfTheWorkspace() throws IOException {
        Path app = Files.createDirectories(workspace.resolve("app/docker"));
        Files.writeString(app.resolve("Release"), "FROM scratch");
        given.putAll(Map.of("context", "app", "file", "app/docker/Release"));

        assertThat(request().build().context()).isEqualTo(workspace.resolve("app"));
        assertThat(request().build().dockerfile()).isEqualTo(app.resolve("Release"));

        assertRefused("file", "Dockerfile", "inside of the context");
        assertRefused("file", "app/none", "must be a Dockerfile of the workspace");
        assertRefused("file", "", "There is no Dockerfile in the context 'app'");
        assertRefused("context", "../..", "must be a folder of the workspace");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertRefused("tags", "", "Input required and not supplied: tags");
        assertRefused("tags", "Team/App:1", "'Team/App:1' is no name of an image");
        assertRefused("tags", "app:a b", "'app:a b' is no name of an image");
        assertRefused("tags", "app@sha256:12", "is no name of an image");
        assertRefused("build-args", "A=1\nB", "the line 'B' is not name=value");
        assertRefused("push", "yes", "Invalid input push: 'yes'. It must be true or false.");
        assertRefused("registry", "https://ghcr.io", "Invalid input registry");
        assertRefused("username", "ci", "belong together, but only the username is given");
        assertRefused("secrets", "a=b", "The input secrets needs BuildKit");
        assertRefused("cache-to", "type=gha", "The input cache-to needs BuildKit");
        assertRefused("cache-from", "type=gha", "Invalid input cache-from: 'type=gha'");
        assertRefused("provenance", "true", "The input provenance needs BuildKit");
    }
}
