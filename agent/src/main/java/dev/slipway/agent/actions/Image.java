package dev.slipway.agent.actions;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Images;
import dev.slipway.agent.image.Finding;
import dev.slipway.agent.image.ImageInputs;
import dev.slipway.agent.image.ImageInputs.Origin;
import dev.slipway.agent.image.ImageRequest;
import dev.slipway.agent.image.Sarif;
import dev.slipway.agent.image.Severity;
import dev.slipway.agent.output.Annotation.Level;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `slipway/image`: builds an image from a Dockerfile, stops when a scanner found too much, and
/// brings the image to a registry.
final class Image implements BuiltIn {
    /// More would drown what the first ones say.
    private static final int SHOWN = 20;

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        ImageInputs.NAMES.forEach(name -> inputs.put(name, ""));
        ImageInputs.NEED_BUILDKIT.forEach(name -> inputs.put(name, ""));
        inputs.put("sarif", "");
        inputs.put("fail-on", Severity.HIGH.word());
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        call.freshLines();
        ImageRequest request = request(call);
        Optional<Severity> limit = limit(call);
        try (DockerEngine engine = engine(call)) {
            var images = new Images(engine, call.environment());
            String id = images.build(request.build(), call::say);
            call.output("imageid", id);
            call.output("tags", String.join("\n", request.tags()));
            call.say("Built %s as %s".formatted(id, String.join(", ", request.tags())));
            gate(call, limit);
            if (request.push()) {
                push(call, images, request);
            }
        } catch (DockerException problem) {
            throw new ActionFailure(String.valueOf(problem.getMessage()), problem);
        }
    }

    private static ImageRequest request(ActionCall call) {
        String password = call.input("password");
        if (!password.isEmpty()) {
            call.masks().add(password);
        }
        try {
            return new ImageInputs(new Inputs(call::input)).request(call.workspace(), origin(call));
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /// The same for a step that is begun again after the agent was killed: so is the image.
    private static Origin origin(ActionCall call) {
        String created =
                call.recall("created")
                        .orElseGet(
                                () -> {
                                    String now = call.clock().now().toString();
                                    call.record("created", now);
                                    return now;
                                });
        ActionCall.JobFacts job = call.job();
        return new Origin(job.serverUrl() + "/" + job.project(), job.sha(), Instant.parse(created));
    }

    private static DockerEngine engine(ActionCall call) {
        return DockerEngine.find(call.environment(), call.timers(), call.threads())
                .orElseThrow(
                        () ->
                                new ActionFailure(
                                        "No Docker engine answers on this agent. Start one, set"
                                            + " DOCKER_HOST, or run the job on an agent that has"
                                            + " one (runs-on: docker)."));
    }

    private static Optional<Severity> limit(ActionCall call) {
        String word = call.input("fail-on");
        if (word.equals("never")) {
            return Optional.empty();
        }
        Optional<Severity> limit = Severity.of(word);
        if (limit.isEmpty()) {
            throw new ActionFailure(
                    "Invalid input fail-on: '%s'. It must be low, medium, high, critical or never."
                            .formatted(word));
        }
        return limit;
    }

    /// @param limit findings from this severity on fail the step
    private static void gate(ActionCall call, Optional<Severity> limit) throws IOException {
        int bad = 0;
        int shown = 0;
        List<String> files = call.lines("sarif");
        for (String name : files) {
            Path file = call.workspace().resolve(name).normalize();
            if (!Files.isRegularFile(file)) {
                throw new ActionFailure(
                        ("Invalid input sarif: there is no file '%s' in the workspace. Run the"
                                        + " scanner in an earlier step.")
                                .formatted(name));
            }
            for (Finding finding : findings(file)) {
                boolean fails = limit.isPresent() && finding.severity().compareTo(limit.get()) >= 0;
                bad += fails ? 1 : 0;
                if (shown++ < SHOWN) {
                    call.annotate(
                            fails ? Level.ERROR : Level.WARNING,
                            "",
                            finding.line(),
                            finding.place());
                }
            }
        }
        if (shown > SHOWN) {
            call.say("%d more findings are in %s".formatted(shown - SHOWN, files));
        }
        if (bad > 0) {
            throw new ActionFailure(
                    "The image is not let through: %d of %d findings are %s or worse (fail-on)."
                            .formatted(bad, shown, limit.orElseThrow().word()));
        }
        if (!files.isEmpty()) {
            call.say("The scan lets the image through; findings: %d".formatted(shown));
        }
    }

    private static List<Finding> findings(Path file) {
        try {
            return Sarif.read(file);
        } catch (IOException problem) {
            throw new ActionFailure(
                    "What the scanner found cannot be read: " + problem.getMessage(), problem);
        }
    }

    private static void push(ActionCall call, Images images, ImageRequest request)
            throws IOException, InterruptedException {
        String digest = "";
        var summary = new StringBuilder("### Image\n\n| Tag | Digest |\n|---|---|\n");
        for (String tag : request.tags()) {
            String pushed = images.push(tag, request.login(tag), call::say);
            call.say("%s has digest %s".formatted(tag, pushed));
            summary.append("| `%s` | `%s` |\n".formatted(tag, pushed));
            digest = digest.isEmpty() ? pushed : digest;
        }
        call.output("digest", digest);
        call.summary(summary.toString());
    }
}
