package dev.slipway.workflow;

import java.util.Locale;

/// What `steps.*.uses` names.
public sealed interface ActionRef {

    /// The text as written.
    String text();

    /// A folder of the workspace: `./path`. Needs a checkout.
    record Local(String text, String path) implements ActionRef {}

    /// A folder of the repository and commit that the workflow or action file comes from: `$/path`.
    record Self(String text, String path) implements ActionRef {}

    /// An action of a repository: `owner/repo[/path]@ref`. Path is empty for the root.
    record Repository(String text, String owner, String repository, String path, String ref)
            implements ActionRef {

        /// The action without its version, in lower case as GitHub compares it: `actions/cache`,
        /// `actions/cache/restore`.
        public String fullName() {
            String name = owner + "/" + repository + (path.isEmpty() ? "" : "/" + path);
            return name.toLowerCase(Locale.ROOT);
        }
    }

    /// A container image: `docker://image[:tag]`.
    record Docker(String text, String image) implements ActionRef {}
}
