/// The farm as the commands see it: plain records and calls that block, over gRPC, going on through
/// a lost connection.
///
/// Start reading at {@link dev.slipway.cli.client.Farm}.
@NullMarked
package dev.slipway.cli.client;

import org.jspecify.annotations.NullMarked;
