package dev.slipway.workflow;

/// What `jobs.*.uses` names.
public sealed interface WorkflowRef {

    /// The text as written.
    String text();

    /// A file of the same repository: `./.github/workflows/x.yml` or `$/.github/workflows/x.yml`.
    ///
    /// @param path relative to the repository's root, without the prefix
    /// @param self whether it was written `$/`: the repository and commit of the defining file
    record Local(String text, String path, boolean self) implements WorkflowRef {}

    /// A file of another repository: `owner/repo/.github/workflows/x.yml@ref`.
    record Remote(String text, String owner, String repository, String path, String ref)
            implements WorkflowRef {}
}
