/// File patterns as GitHub's actions read them, and the digest of the files that match.
///
/// Start reading at {@link dev.slipway.glob.Glob}.
@NullMarked
package dev.slipway.glob;

import org.jspecify.annotations.NullMarked;
