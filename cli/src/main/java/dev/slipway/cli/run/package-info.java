/// `run` and `submit`: from a folder to runs on a farm, and along with them to their end.
///
/// Start reading at {@link dev.slipway.cli.run.RunCommand}.
@NullMarked
package dev.slipway.cli.run;

import org.jspecify.annotations.NullMarked;
