/// Finds mistakes in workflow and action files beyond what the parser refuses.
///
/// Start reading at {@link dev.slipway.lint.Linter}.
@NullMarked
package dev.slipway.lint;

import org.jspecify.annotations.NullMarked;
