/// The errors that people and programs see, with one stable code each.
///
/// Start reading at {@link dev.slipway.error.ErrorCode}.
@NullMarked
package dev.slipway.error;

import org.jspecify.annotations.NullMarked;
