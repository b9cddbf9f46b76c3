package dev.slipway.agent.actions;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.docker.BuildSpec;
import dev.slipway.agent.docker.DockerConfig;
import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Images;
import dev.slipway.agent.image.Assembler;
import dev.slipway.agent.image.Assembler.Made;
import dev.slipway.agent.image.Assembly;
import dev.slipway.agent.image.Finding;
import dev.slipway.agent.image.ImageInputs;
import dev.slipway.agent.image.ImageRequest;
import dev.slipway.agent.image.Sarif;
import dev.slipway.agent.image.Severity;
import dev.slipway.agent.output.Annotation.Level;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `slipway/image`: builds an image from a Dockerfile, puts one together from files, or takes one
/// that is there; stops when a scanner found too much, and brings the image to a registry.
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
        call.output("tags", String.join("\n", request.tags()));
        try {
            if (request.making() instanceof ImageRequest.Assemble(Assembly assembly)) {
                assemble(call, request, assembly, limit);
            } else {
                withEngine(call, request, limit);
            }
        } catch (DockerException problem) {
            throw new ActionFailure(String.valueOf(problem.getMessage()), problem);
        }
    }

    private static ImageRequest request(ActionCall call) throws IOException, InterruptedException {
        String password = call.input("password");
        if (!password.isEmpty()) {
            call.masks().add(password);
        }
        try {
            return new ImageInputs(new Inputs(call::input))
                    .request(call.workspace(), ImageOrigin.of(call));
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static void withEngine(ActionCall call, ImageRequest request, Optional<Severity> limit)
            throws IOException, InterruptedException {
        try (DockerEngine engine = engine(call)) {
            var images = new Images(engine, call.environment());
            String id =
                    switch (request.making()) {
                        case ImageRequest.Build(BuildSpec spec) -> build(call, images, spec);
                        case ImageRequest.Existing(String image) -> find(images, image);
                        case ImageRequest.Assemble ignored -> throw new AssertionError(ignored);
                    };
            call.output("imageid", id);
            gate(call, limit);
            for (String tag : request.tags()) {
                images.tag(id, tag);
            }
            call.say("%s is %s".formatted(id, String.join(", ", request.tags())));
            if (request.push()) {
                push(call, request, tag -> pushOne(call, images, request, id, tag));
            }
        }
    }

    private static String build(ActionCall call, Images images, BuildSpec spec)
            throws DockerException, InterruptedException {
        if (!spec.platform().isEmpty()) {
            String offered = images.platform();
            if (!spec.platform().equals(offered)) {
                throw new ActionFailure(
                        ("Invalid input platform: '%s'. The engine of this agent builds for %s. Run"
                             + " the job on an agent of that architecture, or make the image"
                             + " without a Dockerfile (input base), which runs nothing.")
                                .formatted(spec.platform(), offered));
            }
        }
        return images.build(spec, call::say);
    }

    private static String find(Images images, String image) throws DockerException {
        return images.find(image)
                .orElseThrow(
                        () ->
                                new ActionFailure(
                                        ("Invalid input image: the engine of this agent has no"
                                             + " image '%s'. Build it in an earlier step of the"
                                             + " same job, and give that step's output imageid"
                                             + " here.")
                                                .formatted(image)));
    }

    /// Without an engine. What is written and what is pushed is made from the same parts.
    private static void assemble(
            ActionCall call, ImageRequest request, Assembly assembly, Optional<Severity> limit)
            throws IOException, InterruptedException {
        Map<String, String> environment = call.environment();
        var assembler =
                new Assembler(
                        new Assembler.Places(
                                call.fetched().resolve("image-bases"),
                                call.scratch().resolve("image-layers")),
                        registry -> {
                            var given =
                                    request.login().filter(it -> it.registry().equals(registry));
                            return given.isPresent()
                                    ? given
                                    : DockerConfig.login(registry, environment, call.timers());
                        },
                        call.threads(),
                        call::say);
        try {
            Optional<Path> output = assembly.output();
            String tag = request.tags().getFirst();
            if (output.isPresent()) {
                Made made = assembler.write(assembly, output.get(), tag);
                call.output("imageid", made.id());
                call.say("%s is in %s".formatted(made.id(), call.input("output")));
            }
            gate(call, limit);
            if (request.push()) {
                push(call, request, each -> assembler.push(assembly, each));
            }
        } catch (IOException problem) {
            throw new ActionFailure("The image " + problem.getMessage(), problem);
        }
    }

    private static DockerEngine engine(ActionCall call) {
        return DockerEngine.find(call.environment(), call.timers(), call.threads())
                .orElseThrow(
                        () ->
                                new ActionFailure(
                                        "No Docker engine answers on this agent, and a Dockerfile"
                                            + " needs one. Start one, set DOCKER_HOST, or run the"
                                            + " job on an agent that has one (runs-on: docker). An"
                                            + " image of files needs none: give the inputs base and"
                                            + " files instead of a Dockerfile."));
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

    /// Brings one tag to its registry.
    private interface Pusher {
        Made push(String tag) throws IOException, InterruptedException;
    }

    private static void push(ActionCall call, ImageRequest request, Pusher pusher)
            throws IOException, InterruptedException {
        String digest = "";
        var summary = new StringBuilder("### Image\n\n| Tag | Digest |\n|---|---|\n");
        for (String tag : request.tags()) {
            Made pushed = pusher.push(tag);
            call.output("imageid", pushed.id());
            call.say("%s has digest %s".formatted(tag, pushed.digest()));
            summary.append("| `%s` | `%s` |\n".formatted(tag, pushed.digest()));
            digest = digest.isEmpty() ? pushed.digest() : digest;
        }
        call.output("digest", digest);
        call.summary(summary.toString());
    }

    /// The engine pushes by name, and names belong to all jobs that use it.
    private static Made pushOne(
            ActionCall call, Images images, ImageRequest request, String id, String tag)
            throws IOException, InterruptedException {
        String digest = images.push(tag, request.login(tag), call::say);
        String now = images.find(tag).orElse("no image");
        if (!now.equals(id)) {
            throw new ActionFailure(
                    ("While '%s' was pushed, somebody else gave that name to %s on this engine, so"
                                    + " %s (%s) may be another image than %s. Give each job tags of"
                                    + " its own.")
                            .formatted(tag, now, tag, digest, id));
        }
        return new Made(id, digest);
    }
}
