package dev.slipway.cli.client;

import java.io.IOException;
import java.util.List;

/// Where a farm listens. Asked again whenever a connection has failed, because the embedded farm
/// moves from process to process.
@FunctionalInterface
public interface FarmAddresses {
    /// @return at least one
    List<ServerAddress> now() throws IOException, InterruptedException;
}
