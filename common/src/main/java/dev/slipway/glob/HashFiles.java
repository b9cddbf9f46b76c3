package dev.slipway.glob;

import dev.slipway.time.Clock;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/// The `hashFiles` function: SHA-256 over the SHA-256 digests of all files that match, in the order
/// of {@link Glob#find}. Files outside the workspace and links that lead nowhere are left out.
public final class HashFiles {
    /// GitHub's limit.
    public static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String FOLLOW = "--follow-symbolic-links";

    private final Path workspace;
    private final Path home;
    private final Clock clock;

    /// @param workspace absolute; relative patterns start here
    /// @param home what `~` stands for
    public HashFiles(Path workspace, Path home, Clock clock) {
        this.workspace = workspace.toAbsolutePath().normalize();
        this.home = home.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /// The digest in lower-case hexadecimal; empty when no file matches.
    ///
    /// @param arguments patterns, each maybe of several lines; the first argument may be
    ///   `--follow-symbolic-links`
    /// @throws IllegalArgumentException when a pattern or an option is not valid
    /// @throws IOException when a file cannot be read, or it takes more than {@link #LIMIT}
    public String hash(List<String> arguments) throws IOException {
        List<String> patterns = arguments;
        boolean follow = false;
        if (!arguments.isEmpty() && arguments.getFirst().startsWith("--")) {
            follow = arguments.getFirst().equalsIgnoreCase(FOLLOW);
            if (!follow) {
                throw new IllegalArgumentException(
                        "Invalid glob option '%s'; the only one is '%s'"
                                .formatted(arguments.getFirst(), FOLLOW));
            }
            patterns = arguments.subList(1, arguments.size());
        }
        var options = new Glob.Options(follow, true, false);
        Glob glob = Glob.parse(String.join("\n", patterns), workspace, home, options);
        return hash(glob);
    }

    private String hash(Glob glob) throws IOException {
        Duration deadline = clock.uptime().plus(LIMIT);
        MessageDigest all = sha256();
        boolean any = false;
        for (Path file : glob.findFiles()) {
            boolean isInside = file.startsWith(workspace) && !file.equals(workspace);
            if (isInside && Files.exists(file)) {
                all.update(digest(file, deadline));
                any = true;
            }
        }
        return any ? HexFormat.of().formatHex(all.digest()) : "";
    }

    private byte[] digest(Path file, Duration deadline) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                if (clock.uptime().compareTo(deadline) > 0) {
                    throw new IOException(
                            "hashFiles took more than %d seconds; give it a narrower pattern"
                                    .formatted(LIMIT.toSeconds()));
                }
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
