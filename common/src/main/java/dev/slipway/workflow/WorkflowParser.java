package dev.slipway.workflow;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads workflow files: YAML, then every key, type, expression and reference in it.
///
/// The command line, the coordinator and the agent all use this one parser, so that what `slipway
/// lint` accepts is what runs. It reports all problems of a file at once. Pure and thread-safe.
public final class WorkflowParser {

    private static final List<String> KEYS =
            List.of(
                    "name",
                    "description",
                    "run-name",
                    "on",
                    "permissions",
                    "env",
                    "defaults",
                    "concurrency",
                    "cache-mode",
                    "jobs");

    /// Files above this size are refused before they are read; GitHub's limit.
    public static final int MAX_FILE_BYTES = YamlLimits.GITHUB.maxFileBytes();

    private WorkflowParser() {}

    /// Reads one file.
    ///
    /// @param path how problems name the file; relative to the repository's root where known
    /// @param source the file's bytes, UTF-8
    public static ParsedWorkflow parse(String path, byte[] source) {
        Problems problems = new Problems(path);
        Optional<YamlNode> root = YamlReader.read(source, YamlLimits.GITHUB, problems);
        if (root.isEmpty() && problems.count() == 0) {
            problems.error(
                    Position.START,
                    "the file is empty; a workflow needs at least the keys 'on' and 'jobs'");
        }
        Optional<Workflow> workflow =
                root.flatMap(node -> new WorkflowParser.Reading(path, problems).workflow(node));
        return new ParsedWorkflow(
                problems.hasErrors() ? Optional.empty() : workflow, workflow, problems.sorted());
    }

    /// The problem of a file that is too large to be read at all; the same as {@link #parse} gives.
    ///
    /// @param size in bytes, above {@link #MAX_FILE_BYTES}
    public static Problem tooLarge(String path, long size) {
        return Problem.error(path, Position.START, SourceDecoder.tooLarge(size, MAX_FILE_BYTES));
    }

    /// The reading of one file.
    private static final class Reading {

        private final String path;
        private final Problems problems;
        private final ValueReader values;
        private final HeaderParser headers;

        Reading(String path, Problems problems) {
            this.path = path;
            this.problems = problems;
            this.values = new ValueReader(problems);
            this.headers = new HeaderParser(values);
        }

        Optional<Workflow> workflow(YamlNode node) {
            if (!(node instanceof YamlMapping)) {
                problems.error(
                        node.position(),
                        "a workflow is a mapping with the keys 'on' and"
                                + " 'jobs', not "
                                + node.kindName());
                return Optional.empty();
            }
            return MappingReader.of(node, "the workflow", KEYS, problems).map(this::workflow);
        }

        private Workflow workflow(MappingReader reader) {
            Optional<String> name =
                    reader.get("name").flatMap(node -> values.plain(node, "the workflow's 'name'"));
            Optional<Computed> runName =
                    reader.get("run-name")
                            .map(node -> values.string(node, Vocabularies.WORKFLOW, "'run-name'"));
            List<Trigger> triggers =
                    reader.require("on")
                            .map(node -> new TriggerParser(values).parse(node))
                            .orElse(List.of());
            Computed env =
                    reader.get("env")
                            .map(
                                    node ->
                                            values.stringMap(
                                                    node,
                                                    Vocabularies.WORKFLOW_ENV,
                                                    "the workflow's 'env'"))
                            .orElse(Computed.emptyMapping(reader.position()));
            Defaults defaults =
                    headers.defaults(reader.get("defaults"), Vocabularies.NONE, "the workflow");
            Permissions permissions = headers.permissions(reader.get("permissions"));
            Optional<Computed> concurrency =
                    reader.get("concurrency")
                            .map(
                                    node ->
                                            headers.concurrency(
                                                    node, Vocabularies.WORKFLOW, "the workflow"));
            Optional<CacheMode> cacheMode = headers.cacheMode(reader.get("cache-mode"));
            List<Job> jobs =
                    reader.require("jobs")
                            .map(node -> new JobParser(values, headers).jobs(node))
                            .orElse(List.of());
            return new Workflow(
                    path,
                    name,
                    runName,
                    triggers,
                    env,
                    defaults,
                    permissions,
                    concurrency,
                    cacheMode,
                    jobs);
        }
    }

    /// Whether a file name is one that GitHub reads as a workflow.
    public static boolean isWorkflowFile(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yml") || lower.endsWith(".yaml");
    }
}
