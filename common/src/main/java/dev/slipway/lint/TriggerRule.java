package dev.slipway.lint;

import dev.slipway.workflow.Filters;
import dev.slipway.workflow.Located;
import dev.slipway.workflow.Trigger;
import dev.slipway.workflow.Workflow;

import java.util.List;

/// Warns about filters that can never match.
final class TriggerRule {

    private final Findings findings;

    TriggerRule(Findings findings) {
        this.findings = findings;
    }

    void check(Workflow workflow) {
        for (Trigger trigger : workflow.triggers()) {
            if (trigger instanceof Trigger.Event event) {
                event.filters().lists().forEach(this::patterns);
            }
        }
    }

    private void patterns(Filters.Kind kind, List<Located<String>> patterns) {
        for (Located<String> pattern : patterns) {
            String text =
                    pattern.value().startsWith("!")
                            ? pattern.value().substring(1)
                            : pattern.value();
            switch (kind) {
                case BRANCHES, BRANCHES_IGNORE, TAGS, TAGS_IGNORE -> {
                    if (text.startsWith("refs/")) {
                        findings.warning(
                                pattern.position(),
                                "'"
                                        + pattern.value()
                                        + "' never matches: write the name without 'refs/heads/' or"
                                        + " 'refs/tags/'");
                    }
                }
                case PATHS, PATHS_IGNORE -> {
                    if (text.startsWith("/") || text.startsWith("./")) {
                        findings.warning(
                                pattern.position(),
                                "'"
                                        + pattern.value()
                                        + "' never matches: paths start at the repository's root,"
                                        + " without '/' or './'");
                    }
                }
                case TYPES, WORKFLOWS, NAMES, VERSIONS -> {
                    // Names, not patterns of refs or paths.
                }
            }
        }
    }
}
