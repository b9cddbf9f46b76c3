package dev.slipway.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.docker.BuildSpec;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ImageInputsTest {
    private static final Origin ORIGIN =
            new Origin(
                    Optional.of("https://example.com/a/b"),
                    "abc",
                    Optional.of(Instant.parse("2026-12-01T10:00:00.5Z")));

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

    private BuildSpec build() {
        return ((ImageRequest.Build) request().making()).spec();
    }

    private Assembly assembly() {
        return ((ImageRequest.Assemble) request().making()).assembly();
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

        assertThat(build().labels())
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

        assertThat(build().context()).isEqualTo(workspace.resolve("app"));
        assertThat(build().dockerfile()).isEqualTo(app.resolve("Release"));

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
        assertRefused("platform", "linux", "Invalid input platform: 'linux'");
        assertRefused("platform", "linux/amd64,linux/arm64", "one os/architecture");
        assertRefused("files", "a:/b", "The input files belongs to images without a Dockerfile");
    }

    @Test
    void whatIsNotKnownGivesNoLabel() {
        var origin = new Origin(Optional.empty(), "abc", Optional.empty());

        var request =
                new ImageInputs(new Inputs(name -> given.getOrDefault(name, "")))
                        .request(workspace, origin);

        assertThat(((ImageRequest.Build) request.making()).spec().labels())
                .containsOnly(Map.entry("org.opencontainers.image.revision", "abc"));
    }

    @Test
    void imageThatIsThereIsNotBuilt() {
        given.putAll(Map.of("image", "sha256:12", "push", "true"));

        assertThat(request().making()).isEqualTo(new ImageRequest.Existing("sha256:12"));
        assertThat(request().push()).isTrue();

        assertRefused("labels", "a=b", "The inputs image and labels exclude each other");
        assertRefused("base", "scratch", "The inputs image and base exclude each other");
        assertRefused("file", "Dockerfile", "The inputs image and file exclude each other");
        assertRefused("image", "a b", "the name or id of one image");
    }

    @Test
    void imageOfFilesIsReadWhole() throws IOException {
        Path dist = Files.createDirectories(workspace.resolve("app/dist"));
        Files.writeString(workspace.resolve("app/run.sh"), "");
        given.putAll(
                Map.of(
                        "base", "r.example/base:1",
                        "context", "app",
                        "files", "dist:/srv\nrun.sh:/bin/",
                        "entrypoint", "[\"/bin/run.sh\", \"a b\"]",
                        "cmd", "--port '80 80'",
                        "env", "A=1\nB=x=y",
                        "ports", "8080, 53/udp",
                        "output", "out/image.tar"));
        given.putAll(Map.of("workdir", "/srv", "user", "1000:1000", "platform", "linux/arm64"));

        Path app = workspace.resolve("app");
        assertThat(assembly())
                .isEqualTo(
                        new Assembly(
                                "r.example/base:1",
                                "linux/arm64",
                                List.of(
                                        new Assembly.Files(dist, app, "/srv"),
                                        new Assembly.Files(
                                                app.resolve("run.sh"), app, "/bin/run.sh")),
                                new Assembly.Config(
                                        List.of("/bin/run.sh", "a b"),
                                        List.of("--port", "80 80"),
                                        Map.of("A", "1", "B", "x=y"),
                                        assembly().config().labels(),
                                        List.of("8080", "53/udp"),
                                        "/srv",
                                        "1000:1000"),
                                Instant.parse("2026-12-01T10:00:00.5Z"),
                                Optional.of(workspace.resolve("out/image.tar"))));
        assertThat(assembly().config().labels()).containsKey("org.opencontainers.image.source");
    }

    @Test
    void whatIsWrongWithAnImageOfFilesIsNamed() {
        given.putAll(Map.of("base", "scratch", "push", "true"));

        assertRefused("files", "Dockerfile", "is not SOURCE:TARGET");
        assertRefused("files", "Dockerfile:app", "is not SOURCE:TARGET");
        assertRefused("files", "Dockerfile:/a/../../etc", "is not SOURCE:TARGET");
        assertRefused("files", "../x:/x", "there is no '../x' in the context");
        assertRefused("files", "none:/x", "there is no 'none' in the context");
        assertRefused("entrypoint", "[\"a\"", "Invalid input entrypoint");
        assertRefused("cmd", "'a", "Invalid input cmd");
        assertRefused("env", "1A=b", "Invalid input env");
        assertRefused("ports", "0", "Invalid input ports");
        assertRefused("ports", "80/sctp", "Invalid input ports");
        assertRefused("workdir", "srv", "Invalid input workdir");
        assertRefused("output", "../image.tar", "Invalid input output");
        assertRefused("output", "image", "Invalid input output");
        assertRefused("build-args", "A=1", "The inputs base and build-args exclude each other");
        assertRefused("push", "false", "give push: true, or output: image.tar");
    }
}
