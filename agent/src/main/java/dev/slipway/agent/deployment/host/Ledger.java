package dev.slipway.agent.deployment.host;

import dev.slipway.agent.deployment.Release;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;

/// What a deployment folder remembers: the highest number that it has seen, and the last good
/// release. Written and read under the fence; replaced at once and synced.
///
/// @param owner who counts the numbers
/// @param highest 0 when nothing was deployed yet
record Ledger(String owner, Release highest, Optional<Release> good) {
    private static final String FILE = "number";

    static Ledger read(Path folder, String owner) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new Ledger(owner, new Release(0, ""), Optional.empty());
        }
        try {
            Value value = Json.parse(Files.readString(file));
            Release good = release(value, "good", "goodVersion");
            return new Ledger(
                    value.get("owner").text(),
                    release(value, "number", "version"),
                    good.number() == 0 ? Optional.empty() : Optional.of(good));
        } catch (IllegalArgumentException damaged) {
            throw new IOException(
                    "%s is damaged: %s. It holds the number of the last deployment; correct or"
                                    .formatted(file, damaged.getMessage())
                            + " delete it.",
                    damaged);
        }
    }

    private static Release release(Value value, String number, String version) {
        String text = value.get(number).text();
        return new Release(text.isEmpty() ? 0 : Long.parseLong(text), value.get(version).text());
    }

    void write(Path folder) throws IOException {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("owner", Value.of(owner));
        fields.put("number", Value.of(Long.toString(highest.number())));
        fields.put("version", Value.of(highest.version()));
        fields.put("good", Value.of(good.map(one -> Long.toString(one.number())).orElse("")));
        fields.put("goodVersion", Value.of(good.map(Release::version).orElse("")));
        replace(folder.resolve(FILE), Json.compact(Value.object(fields)) + "\n");
    }

    static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        // Unlike a channel, a stream is not closed when its writer is interrupted.
        try (var out = new FileOutputStream(fresh.toFile())) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (var channel = FileChannel.open(Objects.requireNonNull(file.getParent()))) {
            channel.force(true);
        }
    }
}
