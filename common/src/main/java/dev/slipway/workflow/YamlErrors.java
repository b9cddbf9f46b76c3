package dev.slipway.workflow;

import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Words for what the YAML parser could not read, with the usual cause where there is one.
final class YamlErrors {

    private YamlErrors() {}

    static String explain(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem()).strip();
        String context = e.getContext() == null ? "" : e.getContext().strip();
        String message =
                "invalid YAML: " + problem + (context.isEmpty() ? "" : " (" + context + ")");
        return message + hint(problem, context);
    }

    private static String hint(String problem, String context) {
        if (problem.contains("TAB") || problem.contains("\\t") || problem.contains("'\t")) {
            return "; YAML is indented with spaces, never tabs";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "; put a value that contains ': ' in quotes, or check the indentation";
        }
        if (problem.contains("found character '@'")
                || problem.contains("found character '`'")
                || problem.contains("found character '%'")) {
            return "; put the value in quotes";
        }
        if (problem.contains("could not find expected ':'")) {
            return "; a 'key: value' line is expected here, or the indentation is wrong";
        }
        if (problem.contains("expected <block end>")) {
            return "; the indentation does not match the lines above";
        }
        if (context.contains("quoted scalar") && problem.contains("end of stream")) {
            return "; a quote is not closed";
        }
        return "";
    }
}
