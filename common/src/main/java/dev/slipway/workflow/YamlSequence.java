package dev.slipway.workflow;

import java.util.List;

/// A YAML list.
record YamlSequence(Position position, List<YamlNode> items, long events, long weight)
        implements YamlNode {

    YamlSequence {
        items = List.copyOf(items);
    }
}
