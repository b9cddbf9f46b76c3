package dev.slipway.lint;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How problems are written: for people and compilers, or one JSON object a line for scripts.
public enum LintFormat {
    TEXT,
    JSON;

    /// The problems as lines, each ended by a newline.
    public String render(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(this == TEXT ? problem.toString() : json(problem)).append('\n');
        }
        return text.toString();
    }

    private static String json(Problem problem) {
        Map<String, Value> json = new LinkedHashMap<>();
        json.put("path", Value.of(problem.path()));
        json.put("line", Value.of(problem.line()));
        json.put("column", Value.of(problem.column()));
        json.put("severity", Value.of(problem.severity().label()));
        json.put("message", Value.of(problem.message()));
        return Json.compact(Value.object(json));
    }
}
