/// Names of things, and where fresh ones come from.
///
/// Start reading at {@link dev.slipway.id.AttemptId}.
@NullMarked
package dev.slipway.id;

import org.jspecify.annotations.NullMarked;
