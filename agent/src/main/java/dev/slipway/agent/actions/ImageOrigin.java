package dev.slipway.agent.actions;

import dev.slipway.agent.image.ImageInputs.Origin;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where the content of an image comes from, as far as that is known.
final class ImageOrigin {
    /// What the farm calls projects that are on no server.
    private static final String LOCAL = "local/";

    private ImageOrigin() {}

    static Origin of(ActionCall call) throws IOException, InterruptedException {
        return new Origin(source(call.job()), call.job().sha(), created(call));
    }

    /// The repository's address, without a login that may be in it.
    private static Optional<String> source(ActionCall.JobFacts job) {
        if (job.source() instanceof ActionCall.Source.Git(String url)) {
            return web(url);
        }
        return job.project().startsWith(LOCAL)
                ? Optional.empty()
                : Optional.of(job.serverUrl() + "/" + job.project());
    }

    private static Optional<String> web(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null
                    ? Optional.of(
                            new URI(
                                            uri.getScheme(),
                                            null,
                                            uri.getHost(),
                                            uri.getPort(),
                                            uri.getPath(),
                                            null,
                                            null)
                                    .toString())
                    : Optional.empty();
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
    }

    /// `SOURCE_DATE_EPOCH` (reproducible-builds.org), else when the run's commit was made.
    private static Optional<Instant> created(ActionCall call)
            throws IOException, InterruptedException {
        String epoch = call.environment().getOrDefault("SOURCE_DATE_EPOCH", "").strip();
        if (epoch.isEmpty()) {
            if (!Files.exists(call.workspace().resolve(".git"))) {
                return Optional.empty();
            }
            epoch =
                    new Git(call.workspace(), call.environment(), "", line -> {}, call.threads())
                            .ask(
                                    List.of(
                                            "show",
                                            "--no-patch",
                                            "--format=%ct",
                                            "--end-of-options",
                                            call.job().sha()))
                            .orElse("");
            if (epoch.isEmpty()) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(epoch)));
        } catch (NumberFormatException | DateTimeException malformed) {
            throw new ActionFailure(
                    "SOURCE_DATE_EPOCH is '%s'. It must be a number of seconds since 1970."
                            .formatted(epoch),
                    malformed);
        }
    }
}
