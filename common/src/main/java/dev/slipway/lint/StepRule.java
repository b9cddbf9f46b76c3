package dev.slipway.lint;

import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.Suggest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Warns about steps that will not do what they say: inputs that an action does not have, and
/// workflow commands that GitHub has switched off.
final class StepRule {

    private static final Map<String, String> RETIRED =
            Map.of(
                    "::set-env ", "GITHUB_ENV",
                    "::add-path::", "GITHUB_PATH",
                    "::set-output ", "GITHUB_OUTPUT",
                    "::save-state ", "GITHUB_STATE");

    private final Findings findings;
    private final ActionCatalog actions;

    StepRule(Findings findings, ActionCatalog actions) {
        this.findings = findings;
        this.actions = actions;
    }

    void check(List<Step> steps) {
        for (Step step : Sites.flatten(steps)) {
            switch (step) {
                case Step.Run run -> commands(run.run());
                case Step.Uses uses -> inputs(uses);
                case Step.Wait _, Step.WaitAll _, Step.Cancel _, Step.Parallel _ -> {
                    // Nothing beyond what the parser checks.
                }
            }
        }
    }

    private void commands(Computed script) {
        String text =
                switch (script) {
                    case Computed.Literal literal -> literal.value().text();
                    case Computed.Dynamic dynamic -> dynamic.source();
                    case Computed.Items _, Computed.Entries _ -> "";
                };
        RETIRED.forEach(
                (command, file) -> {
                    if (text.contains(command)) {
                        findings.warning(
                                script.position(),
                                "the command '"
                                        + command.strip()
                                        + "' is retired; append to the file \"$"
                                        + file
                                        + "\" instead");
                    }
                });
    }

    private void inputs(Step.Uses step) {
        ActionRef action = step.uses().value();
        actions.known(action)
                .ifPresent(
                        known -> {
                            if (!(step.with() instanceof Computed.Entries mapping)) {
                                return;
                            }
                            Map<String, Position> given = new LinkedHashMap<>();
                            for (Computed.Entry entry : mapping.entries()) {
                                if (entry.insert() || !entry.key().isLiteral()) {
                                    return;
                                }
                                given.put(entry.key().literal().text(), entry.key().position());
                            }
                            unknown(action, given, known.inputs());
                            missing(step, given, known.required());
                        });
    }

    private void unknown(ActionRef action, Map<String, Position> given, Set<String> inputs) {
        Set<String> folded = new TreeSet<>();
        inputs.forEach(input -> folded.add(input.toLowerCase(Locale.ROOT)));
        given.forEach(
                (name, at) -> {
                    if (!folded.contains(name.toLowerCase(Locale.ROOT))) {
                        findings.warning(
                                at,
                                "the action '"
                                        + action.text()
                                        + "' has no input '"
                                        + name
                                        + "'"
                                        + Suggest.hint(name, inputs));
                    }
                });
    }

    private void missing(Step.Uses step, Map<String, Position> given, Set<String> required) {
        for (String name : required) {
            if (given.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                findings.warning(
                        step.uses().position(),
                        "the action '"
                                + step.uses().value().text()
                                + "' needs the input '"
                                + name
                                + "'");
            }
        }
    }
}
