/// The folders that jobs work in: warm from one job of a project to the next, never shared by two
/// jobs at a time, and cleaned by age and size.
///
/// Start reading at {@link dev.slipway.agent.workspace.WarmFolders}.
@NullMarked
package dev.slipway.agent.workspace;

import org.jspecify.annotations.NullMarked;
