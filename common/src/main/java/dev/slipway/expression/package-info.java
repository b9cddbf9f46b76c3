/// GitHub Actions expressions: parsing, the values they work on, and their evaluation.
///
/// Start reading at {@link dev.slipway.expression.Expression}.
@NullMarked
package dev.slipway.expression;

import org.jspecify.annotations.NullMarked;
