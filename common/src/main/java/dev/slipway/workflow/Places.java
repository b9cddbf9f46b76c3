package dev.slipway.workflow;

/// Where the characters of a scalar are in its file.
@FunctionalInterface
public interface Places {

    /// The position of the character at an offset in the scalar's text.
    Position at(int offset);
}
