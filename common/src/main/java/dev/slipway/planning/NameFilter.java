package dev.slipway.planning;

import dev.slipway.workflow.GlobPattern;

import java.util.List;

/// A list of patterns, matched in order: the last one that matches a name decides, a leading `!`
/// decides against it.
public final class NameFilter {

    private final List<GlobPattern> patterns;

    /// @throws IllegalArgumentException when a pattern cannot be read
    public NameFilter(List<String> patterns) {
        this.patterns = patterns.stream().map(GlobPattern::of).toList();
    }

    /// Whether the list selects the name.
    public boolean selects(String name) {
        boolean selected = false;
        for (GlobPattern pattern : patterns) {
            if (pattern.isNegated() == selected && pattern.matches(name)) {
                selected = !pattern.isNegated();
            }
        }
        return selected;
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
