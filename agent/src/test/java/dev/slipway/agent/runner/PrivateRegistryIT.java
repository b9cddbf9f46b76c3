package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.TestEngine;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.testkit.TestRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Images of a registry that wants a login, on a whole agent and a real engine.
@Timeout(120)
class PrivateRegistryIT {
    private static final String WRONG = "not-the-password";

    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;
    @TempDir private Path folder;

    private TestRegistry registry;
    private String image;
    private List<String> log = List.of();

    @BeforeEach
    void pushAnImage() throws Exception {
        TestEngine.require();
        TestRegistry.require();
        registry = TestRegistry.guardedWithoutTls(folder.resolve("registry"));
        image = registry.address() + "/team/private:1";
        TestEngine.run("docker", "tag", TestEngine.IMAGE, image);
        Path login = configuration("push", auths(TestRegistry.PASSWORD));
        TestEngine.run("docker", "--config", login.toString(), "push", image);
        TestEngine.run("docker", "rmi", image);
        assertThat(TestEngine.run("docker", "images", "-q", image)).isEmpty();
    }

    @AfterEach
    void removeTheImage() throws Exception {
        if (registry != null) {
            registry.close();
            TestEngine.run("docker", "rmi", "-f", image);
        }
    }

    /// A folder with a Docker configuration.
    private Path configuration(String name, String json) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        Files.writeString(made.resolve("config.json"), json);
        return made;
    }

    private String auths(String password) {
        String both =
                Base64.getEncoder()
                        .encodeToString((TestRegistry.USER + ":" + password).getBytes(ISO_8859_1));
        return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(registry.address(), both);
    }

    /// What an agent has in its environment when it uses a configuration and a helper of ours.
    private Map<String, String> using(Path configuration) {
        return Map.of(
                "DOCKER_CONFIG",
                configuration.toString(),
                "PATH",
                folder + ":" + System.getenv("PATH"));
    }

    private void helper(String name, String script) throws IOException {
        Path file = folder.resolve("docker-credential-" + name);
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String job(String keys, String steps) {
        return """
        on: push
        jobs:
          job:
            runs-on: ubuntu-latest
        %s
            steps:
        %s
        """
                .formatted(keys.indent(4).stripTrailing(), steps.indent(6).stripTrailing());
    }

    private AttemptState run(String workflow, String password, Map<String, String> environment)
            throws Exception {
        try (var _ = AgentFixture.start(farm, work, environment)) {
            String attempt =
                    farm.submit(Submission.of(workflow).secret("REGISTRY_PASSWORD", password));
            var state = farm.awaitEnd(attempt);
            log = new ArrayList<>(farm.output(attempt));
            log.addAll(farm.meta(attempt));
            assertThat(log).noneMatch(line -> line.contains(password));
            assertThat(filesWith(password)).isEmpty();
            return state;
        }
    }

    private String filesWith(String text) throws Exception {
        return TestEngine.run("grep", "-rlF", text, work.toString());
    }

    private String withCredentials() {
        return job(
                """
                container:
                  image: %1$s
                  credentials: {username: ci, password: '${{ secrets.REGISTRY_PASSWORD }}'}
                services:
                  web:
                    image: %1$s
                    command: sleep 600
                    credentials: {username: ci, password: '${{ secrets.REGISTRY_PASSWORD }}'}
                """
                        .formatted(image),
                """
                - run: |
                    echo "inside $FROM_IMAGE"
                    env
                    cat /proc/[0-9]*/cmdline | tr '\\0' ' '
                """);
    }

    @Test
    void credentialsOfTheWorkflowAreUsedAndLeftNowhere() throws Exception {
        var state = run(withCredentials(), TestRegistry.PASSWORD, Map.of());

        assertThat(state.getResult().getConclusion())
                .as(String.join("\n", log))
                .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        assertThat(log).contains("inside yes", "Pulling '%s'".formatted(image));
    }

    @Test
    void wrongPasswordFailsTheJobAtOnceAndSaysWhoRefusedWhat() throws Exception {
        var state = run(withCredentials(), WRONG, Map.of());

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(state.getResult().getCause()).isEqualTo(Cause.CAUSE_USER_FAILURE);
        assertThat(log)
                .filteredOn(line -> line.startsWith("Pulling"))
                .containsExactly("Pulling '%s'".formatted(image));
        assertThat(log)
                .anyMatch(
                        line ->
                                line.contains("The image '%s' cannot be pulled".formatted(image))
                                        && line.contains(
                                                "the registry '%s' refuses the login of 'ci' from"
                                                                .formatted(registry.address())
                                                        + " the workflow's 'credentials'"));
    }

    @Test
    void withoutALoginTheJobSaysThatTheRegistryWantsOne() throws Exception {
        var state =
                run(
                        job("", "- uses: docker://" + image),
                        WRONG,
                        using(configuration("empty", "{}")));

        assertThat(state.getResult().getCause()).isEqualTo(Cause.CAUSE_USER_FAILURE);
        assertThat(log)
                .anyMatch(
                        line ->
                                line.contains("'%s' wants a login".formatted(registry.address()))
                                        && line.contains("'docker login'"));
    }

    @Test
    void loginsOfTheDockerConfigurationAreUsed() throws Exception {
        Path plain = configuration("plain", auths(TestRegistry.PASSWORD));
        Path helped =
                configuration(
                        "helped",
                        "{\"credsStore\": \"none\", \"credHelpers\": {\"%s\": \"test\"}}"
                                .formatted(registry.address()));
        Path stored = configuration("stored", "{\"credsStore\": \"test\"}");
        helper(
                "test",
                """
                read -r asked
                [ "$asked" = '%s' ] || { echo "credentials not found in native keychain"; exit 1; }
                echo "$*" >>'%s/asked'
                printf '{"ServerURL":"%%s","Username":"ci","Secret":"%s"}' "$asked"
                """
                        .formatted(registry.address(), folder, TestRegistry.PASSWORD));

        for (Path configuration : List.of(plain, helped, stored)) {
            var state =
                    run(
                            job(
                                    "",
                                    """
                                    - uses: docker://%s
                                      with: {entrypoint: /bin/echo, args: it runs}
                                    """
                                            .formatted(image)),
                            TestRegistry.PASSWORD,
                            using(configuration));

            assertThat(state.getResult().getConclusion())
                    .as("%s: %s", configuration, String.join("\n", log))
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(log).contains("it runs", "Pulling '%s'".formatted(image));
            TestEngine.run("docker", "rmi", "-f", image);
        }
        assertThat(folder.resolve("asked")).hasContent("get\nget");
    }

    @Test
    void helperThatFailsOrIsMissingIsNamed() throws Exception {
        Path configuration = configuration("stored", "{\"credsStore\": \"test\"}");
        String workflow = job("", "- uses: docker://" + image);

        var missing = run(workflow, WRONG, using(configuration));

        assertThat(missing.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(log)
                .anyMatch(line -> line.contains("'docker-credential-test', which is not on the"));

        helper("test", "echo 'the vault is sealed'; exit 1");
        var failing = run(workflow, WRONG, using(configuration));

        assertThat(failing.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(log)
                .anyMatch(
                        line ->
                                line.contains("ended with exit code 1")
                                        && line.contains("the vault is sealed"));
    }
}
