/// How runs, jobs and agents are shown: text for people, JSON for programs.
///
/// Start reading at {@link dev.slipway.cli.report.RunText}.
@NullMarked
package dev.slipway.cli.report;

import org.jspecify.annotations.NullMarked;
