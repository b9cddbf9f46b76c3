package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// The rule for `runs-on.group`: a name, or `org/NAME` or `ent/NAME`.
final class RunnerGroups {

    private static final List<String> PREFIXES =
            List.of("org", "organization", "ent", "enterprise");

    private RunnerGroups() {}

    static Optional<String> problem(String group) {
        int slash = group.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String name = group.substring(slash + 1);
        if (!PREFIXES.contains(group.substring(0, slash)) || name.isEmpty() || name.contains("/")) {
            return Optional.of(
                    "bad runner group '" + group + "': write a name, 'org/NAME' or 'ent/NAME'");
        }
        return Optional.empty();
    }
}
