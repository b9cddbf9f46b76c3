package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;

import java.nio.file.Path;
import java.util.Optional;

/// Opens blob stores.
public final class BlobStores {
    private BlobStores() {}

    /// The world as a store sees it.
    public record Ports(Clock clock, Threads threads, Ids ids) {}

    /// @param credentials file with the credentials for a bucket; empty: what AWS's own tools find
    /// @throws dev.slipway.error.SlipwayException when the bucket refuses, saying why; when it
    ///   cannot be reached at the moment, that is only logged
    public static BlobStore open(
            BlobLocation where,
            Optional<Path> credentials,
            SharedBlobStore.Limits limits,
            Ports ports) {
        Medium medium =
                switch (where) {
                    case BlobLocation.Directory(Path path, boolean shared) ->
                            new DirectoryMedium(path, shared, ports.ids());
                    case BlobLocation.S3 bucket ->
                            S3Medium.open(bucket, credentials, ports.threads());
                };
        return new SharedBlobStore(medium, limits, ports.clock(), ports.threads(), ports.ids());
    }
}
