package dev.slipway.agent.runner;

import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The inputs of an action as the step gives them, with the defaults of the action.
///
/// @param values by name as declared (or as given, when undeclared); names ignore case
/// @param given what the step says, for the log's header
record ActionInputs(Map<String, String> values, Map<String, String> given) {

    /// Evaluates `with` and the defaults of a manifest.
    static ActionInputs of(ActionManifest manifest, Step.Uses step, StepSite site) {
        StepScope scope = site.scope();
        var given = Coercion.textMap(step.with().evaluate(scope), "with");
        var open = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        open.putAll(given);
        var values = new LinkedHashMap<String, String>();
        for (ActionManifest.Input input : manifest.inputs()) {
            String said = open.remove(input.id());
            values.put(
                    input.id(),
                    said != null
                            ? said
                            : input.defaultValue()
                                    .map(value -> value.evaluate(scope).text())
                                    .orElse(""));
        }
        values.putAll(open);
        return new ActionInputs(values, given);
    }

    /// Evaluates `with` over the fixed defaults of a built-in action.
    static ActionInputs of(Map<String, String> defaults, Step.Uses step, StepSite site) {
        var given = Coercion.textMap(step.with().evaluate(site.scope()), "with");
        var open = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        open.putAll(given);
        var values = new LinkedHashMap<String, String>();
        defaults.forEach(
                (name, byDefault) ->
                        values.put(name, Optional.ofNullable(open.remove(name)).orElse(byDefault)));
        values.putAll(open);
        return new ActionInputs(values, given);
    }

    /// Warns of inputs that the action does not declare, and of those it wants no more.
    void warn(List<String> declared, List<ActionManifest.Input> manifest, Running running) {
        var known = new TreeMap<String, Boolean>(String.CASE_INSENSITIVE_ORDER);
        declared.forEach(name -> known.put(name, true));
        var unexpected = given.keySet().stream().filter(name -> !known.containsKey(name)).toList();
        String path = running.site().path();
        if (!unexpected.isEmpty()) {
            running.log()
                    .warning(
                            path + "/unexpected",
                            "Unexpected input(s) %s, valid inputs are %s"
                                    .formatted(quoted(unexpected), quoted(declared)));
        }
        for (ActionManifest.Input input : manifest) {
            boolean used = given.keySet().stream().anyMatch(input.id()::equalsIgnoreCase);
            if (used && input.deprecationMessage().isPresent()) {
                running.log()
                        .warning(
                                path + "/deprecated/" + input.id(),
                                "Input '%s' has been deprecated with message: %s"
                                        .formatted(input.id(), input.deprecationMessage().get()));
            }
        }
    }

    private static String quoted(List<String> names) {
        return names.stream()
                .map(name -> "'" + name + "'")
                .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
    }

    /// `INPUT_*`: upper case, spaces become underscores, hyphens stay.
    Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        values.forEach(
                (name, value) ->
                        variables.put(
                                "INPUT_" + name.toUpperCase(Locale.ROOT).replace(' ', '_'), value));
        return variables;
    }

    /// The head of an action's log.
    void header(Step.Uses step, Running running) {
        var lines = new ArrayList<String>();
        lines.add("##[group]Run " + step.uses().value().text());
        if (!given.isEmpty()) {
            lines.add("with:");
            given.forEach((name, value) -> lines.add("  " + name + ": " + value));
        }
        lines.addAll(ScriptSteps.environmentLines(running.site().env()));
        lines.add("##[endgroup]");
        running.log().say(running.site().path() + "/header", lines);
    }
}
