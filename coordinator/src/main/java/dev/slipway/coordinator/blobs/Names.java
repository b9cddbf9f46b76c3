package dev.slipway.coordinator.blobs;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of a blob store's objects, for good:
///
/// ```
/// ab/cd/<digest>                            a blob as version 0.1 wrote it
/// ab/cd/<digest>-<generation>               a blob; every upload is a generation of its own
/// ab/cd/<digest>[-<generation>].doomed-<n>  the leader of epoch n wants to remove that generation
/// pins/<id>                                 digests that somebody is about to refer to
/// epochs/<n>                                epoch n has begun
/// partial/…                                 unfinished uploads
/// ```
final class Names {
    static final String PINS = "pins/";
    static final String EPOCHS = "epochs/";
    static final String PARTIAL = "partial/";

    private static final Pattern BLOB =
            Pattern.compile(
                    "[0-9a-f]{2}/[0-9a-f]{2}/(?<file>(?<digest>[0-9a-f]{64})(-[0-9a-f]+)?)"
                            + "(\\.doomed-(?<epoch>\\d+))?");

    private Names() {}

    /// What a name under a blob's folder says.
    ///
    /// @param blob the name of the generation
    /// @param doomedBy the epoch whose leader wants to remove it; empty: this is the generation
    record Parsed(String digest, String blob, Optional<Long> doomedBy) {}

    /// Nothing when the name is no blob's.
    static Optional<Parsed> parse(String name) {
        Matcher matcher = BLOB.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String digest = matcher.group("digest");
        String epoch = matcher.group("epoch");
        return Optional.of(
                new Parsed(
                        digest,
                        folder(digest) + matcher.group("file"),
                        epoch == null ? Optional.empty() : Optional.of(Long.parseLong(epoch))));
    }

    /// What the names of all generations of a blob, and of what is said about them, begin with.
    static String prefix(String digest) {
        return folder(digest) + digest;
    }

    private static String folder(String digest) {
        return digest.substring(0, 2) + "/" + digest.substring(2, 4) + "/";
    }

    static String generation(String digest, String id) {
        return prefix(digest) + "-" + id.toLowerCase(Locale.ROOT);
    }

    static String doomed(String blob, long epoch) {
        return blob + ".doomed-" + epoch;
    }

    static String epoch(long epoch) {
        return EPOCHS + "%019d".formatted(epoch);
    }

    /// @throws NumberFormatException when it is no epoch's name
    static long epochOf(String name) {
        return Long.parseLong(name.substring(EPOCHS.length()));
    }
}
