package dev.slipway.agent.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.slipway.agent.output.Annotation.Place;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what a scanner found: SARIF 2.1.0 (OASIS). How bad it is says the rule's property
/// `security-severity` (a CVSS score, as GitHub's code scanning reads it), else the level.
public final class Sarif {
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private Sarif() {}

    /// @return the worst first; results that are suppressed or that passed are left out
    /// @throws IOException when the file cannot be read, is too large, or is no SARIF
    public static List<Finding> read(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MOST_BYTES) {
            throw new IOException(
                    "%s has %d bytes; a SARIF file may have %d".formatted(file, bytes, MOST_BYTES));
        }
        JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
        JsonNode runs = root == null ? null : root.get("runs");
        if (runs == null || !runs.isArray()) {
            throw new IOException("%s is no SARIF file: it has no list 'runs'".formatted(file));
        }
        var findings = new ArrayList<Finding>();
        for (JsonNode run : runs) {
            requireSuccess(file, run);
            Map<String, JsonNode> rules = rules(run);
            for (JsonNode result : run.path("results")) {
                finding(result, rules, run).ifPresent(findings::add);
            }
        }
        findings.sort(Comparator.comparing(Finding::severity).reversed());
        return findings;
    }

    private static Map<String, JsonNode> rules(JsonNode run) {
        var rules = new HashMap<String, JsonNode>();
        run.path("tool").path("driver").path("rules").forEach(it -> put(rules, it));
        for (JsonNode extension : run.path("tool").path("extensions")) {
            extension.path("rules").forEach(it -> put(rules, it));
        }
        return rules;
    }

    private static void put(Map<String, JsonNode> rules, JsonNode rule) {
        rules.put(rule.path("id").asText(""), rule);
    }

    private static Optional<Finding> finding(
            JsonNode result, Map<String, JsonNode> rules, JsonNode run) {
        String kind = result.path("kind").asText("fail");
        if (!kind.equals("fail") || isSuppressed(result)) {
            return Optional.empty();
        }
        String id = ruleId(result, run);
        JsonNode rule = rules.getOrDefault(id, result.path("rule"));
        return severity(result, rule)
                .map(
                        severity ->
                                new Finding(
                                        severity,
                                        id.isEmpty() ? "(no rule)" : id,
                                        place(result),
                                        result.path("message").path("text").asText("")));
    }

    private static boolean isSuppressed(JsonNode result) {
        for (JsonNode suppression : result.path("suppressions")) {
            if (suppression.path("status").asText("accepted").equals("accepted")) {
                return true;
            }
        }
        return false;
    }

    private static String ruleId(JsonNode result, JsonNode run) {
        String id = result.path("ruleId").asText(result.path("rule").path("id").asText(""));
        if (id.isEmpty() && result.has("ruleIndex")) {
            JsonNode driver = run.path("tool").path("driver").path("rules");
            id = driver.path(result.path("ruleIndex").asInt()).path("id").asText("");
        }
        return id;
    }

    private static Optional<Severity> severity(JsonNode result, JsonNode rule) {
        for (JsonNode properties : List.of(result.path("properties"), rule.path("properties"))) {
            JsonNode score = properties.path("security-severity");
            if (score.isNumber() || score.isTextual()) {
                return Optional.of(Severity.ofScore(score.asDouble()));
            }
        }
        String byDefault = rule.path("defaultConfiguration").path("level").asText("warning");
        return Severity.ofLevel(result.path("level").asText(byDefault));
    }

    private static Place place(JsonNode result) {
        JsonNode physical = result.path("locations").path(0).path("physicalLocation");
        JsonNode region = physical.path("region");
        int line = region.path("startLine").asInt(0);
        int column = region.path("startColumn").asInt(0);
        return new Place(
                physical.path("artifactLocation").path("uri").asText(""),
                line,
                region.path("endLine").asInt(line),
                column,
                region.path("endColumn").asInt(column));
    }

    /// A scanner that failed has found nothing because it has not looked.
    private static void requireSuccess(Path file, JsonNode run) throws IOException {
        for (JsonNode invocation : run.path("invocations")) {
            if (!invocation.path("executionSuccessful").asBoolean(true)) {
                throw new IOException(
                        "%s says that the scan itself has failed (executionSuccessful: false)"
                                .formatted(file));
            }
        }
    }
}
