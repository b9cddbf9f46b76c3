/// Encodings that two processes must agree on and that protobuf does not describe.
///
/// Start reading at {@link dev.slipway.wire.LogLines}.
@NullMarked
package dev.slipway.wire;

import org.jspecify.annotations.NullMarked;
