package dev.slipway.workflow;

/// A node of a YAML document, with its place in the source. Immutable.
///
/// A node that an alias repeats is the same object in several places of the tree.
sealed interface YamlNode permits YamlScalar, YamlSequence, YamlMapping {

    /// Where the node starts.
    Position position();

    /// How many parse events the node stands for when every alias is written out.
    long events();

    /// About how many bytes the node takes when every alias is written out.
    long weight();

    /// The node's kind as error messages name it.
    default String kindName() {
        return switch (this) {
            case YamlScalar scalar -> scalar.describe();
            case YamlSequence _ -> "a list";
            case YamlMapping _ -> "a mapping";
        };
    }
}
