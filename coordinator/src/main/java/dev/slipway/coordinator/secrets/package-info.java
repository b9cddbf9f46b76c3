/// Keeps the secrets of runs as ciphertext.
///
/// Start reading at {@link dev.slipway.coordinator.secrets.SecretBox}.
@NullMarked
package dev.slipway.coordinator.secrets;

import org.jspecify.annotations.NullMarked;
