package dev.slipway.wire;

/// Where things are in the bundle of a submitted working tree (tar in zstd). Everything but {@link
/// #HISTORY} is a file of the tree at its own path.
public final class SourceLayout {
    /// A folder with the repository that the tree belongs to: a bare git repository's `HEAD`,
    /// `packed-refs`, `shallow` and `objects`. No working tree has files below `.git`. Optional.
    public static final String HISTORY = ".git/slipway.git";

    private SourceLayout() {}
}
