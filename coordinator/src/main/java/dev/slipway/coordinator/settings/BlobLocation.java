package dev.slipway.coordinator.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/// Where blobs are kept.
///
/// ```
/// /srv/slipway/blobs
/// s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME&path-style=true|false]
/// ```
///
/// No form has a place for credentials, so a location can be printed.
public sealed interface BlobLocation {
    /// A directory.
    ///
    /// @param shared whether other coordinators may use it at the same time
    record Directory(Path path, boolean shared) implements BlobLocation {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// A bucket of an S3-compatible store.
    ///
    /// @param prefix of all keys, without slashes at its ends; may be empty
    /// @param endpoint empty: AWS
    /// @param region empty: what the environment says
    /// @param pathStyle whether the bucket is in the path of addresses rather than in their host
    record S3(
            String bucket,
            String prefix,
            Optional<URI> endpoint,
            Optional<String> region,
            boolean pathStyle)
            implements BlobLocation {
        @Override
        public String toString() {
            var parameters = new ArrayList<String>();
            endpoint.ifPresent(uri -> parameters.add("endpoint=" + uri));
            region.ifPresent(name -> parameters.add("region=" + name));
            parameters.add("path-style=" + pathStyle);
            return "s3://%s%s?%s"
                    .formatted(
                            bucket,
                            prefix.isEmpty() ? "" : "/" + prefix,
                            String.join("&", parameters));
        }
    }

    /// @param home the directory that this coordinator has to itself
    /// @throws IllegalArgumentException when the text has another form; the message does not repeat
    ///   the text, which may have a secret in it
    static BlobLocation parse(String text, Path home) {
        if (text.startsWith("s3:")) {
            return BucketForm.parse(text);
        }
        if (text.matches("[A-Za-z][A-Za-z0-9+.-]+://.*")) {
            throw new IllegalArgumentException("neither a directory nor s3://BUCKET/PREFIX");
        }
        Path path = Path.of(text);
        return new Directory(
                path, !path.toAbsolutePath().normalize().equals(home.toAbsolutePath().normalize()));
    }
}
