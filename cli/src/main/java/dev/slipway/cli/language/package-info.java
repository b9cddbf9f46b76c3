/// Commands about the workflow language: nothing runs, and no farm is asked.
///
/// Start reading at {@link dev.slipway.cli.language.EvalCommand}.
@NullMarked
package dev.slipway.cli.language;

import org.jspecify.annotations.NullMarked;
