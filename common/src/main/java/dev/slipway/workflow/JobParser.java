package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the `jobs` key.
final class JobParser {

    private static final List<String> SHARED =
            List.of("name", "needs", "if", "strategy", "permissions", "concurrency", "cache-mode");
    private static final List<String> STEPS_KEYS =
            join(
                    SHARED,
                    "runs-on",
                    "environment",
                    "outputs",
                    "env",
                    "defaults",
                    "container",
                    "services",
                    "timeout-minutes",
                    "cancel-timeout-minutes",
                    "continue-on-error",
                    "snapshot",
                    "steps");
    private static final List<String> CALL_KEYS = join(SHARED, "uses", "with", "secrets");

    /// The keys by which a job is of one kind or the other.
    private static final List<String> TELLING = List.of("runs-on", "steps", "uses");

    private final ValueReader values;
    private final Problems problems;
    private final HeaderParser headers;
    private final RuntimeParser runtime;

    JobParser(ValueReader values, HeaderParser headers) {
        this.values = values;
        this.problems = values.problems();
        this.headers = headers;
        this.runtime = new RuntimeParser(values);
    }

    List<Job> jobs(YamlNode node) {
        if (!(node instanceof YamlMapping mapping)) {
            values.wrongType(node, "'jobs'", "a mapping of job ids to jobs");
            return List.of();
        }
        if (mapping.entries().isEmpty()) {
            problems.error(node.position(), "'jobs' is empty; a workflow needs at least one job");
        }
        List<Job> jobs = new ArrayList<>();
        for (YamlMapping.Entry entry : mapping.entries()) {
            String id = entry.key().text();
            Identifiers.problem(id)
                    .ifPresent(
                            problem ->
                                    problems.error(
                                            entry.key().position(),
                                            "bad job id '" + id + "': " + problem));
            job(entry).ifPresent(jobs::add);
        }
        List<String> ids = mapping.entries().stream().map(entry -> entry.key().text()).toList();
        new NeedsCheck(problems, jobs, ids).check();
        return jobs;
    }

    private Optional<Job> job(YamlMapping.Entry entry) {
        String owner = "job '" + entry.key().text() + "'";
        if (!(entry.value() instanceof YamlMapping mapping)) {
            values.wrongType(entry.value(), owner, "a mapping");
            return Optional.empty();
        }
        boolean call = mapping.get("uses").isPresent();
        if (call && mapping.get("steps").isPresent()) {
            problems.error(
                    conflict(mapping),
                    owner
                            + " has both 'uses' and 'steps'; a job"
                            + " either calls a workflow or runs steps");
            return Optional.empty();
        }
        String what = call ? owner + ", which calls a workflow" : owner;
        return MappingReader.of(mapping, what, call ? CALL_KEYS : STEPS_KEYS, problems)
                .map(
                        reader -> {
                            Job.Header header = header(reader, entry, owner);
                            return call
                                    ? call(reader, header, owner)
                                    : steps(reader, header, owner);
                        });
    }

    /// The key that makes the job what its first keys did not.
    private static Position conflict(YamlMapping mapping) {
        List<YamlMapping.Entry> telling =
                mapping.entries().stream()
                        .filter(entry -> TELLING.contains(entry.key().text()))
                        .toList();
        boolean calls = telling.getFirst().key().text().equals("uses");
        return telling.stream()
                .filter(entry -> entry.key().text().equals("uses") != calls)
                .findFirst()
                .orElse(telling.getFirst())
                .key()
                .position();
    }

    private Job.Header header(MappingReader reader, YamlMapping.Entry entry, String owner) {
        Position at = entry.key().position();
        return new Job.Header(
                entry.key().text(),
                reader.get("name")
                        .map(node -> values.string(node, Vocabularies.JOB, "'name' of " + owner)),
                reader.get("needs").map(node -> needs(node, owner)).orElse(List.of()),
                values.guard(reader.get("if"), Vocabularies.JOB_IF, at, "'if' of " + owner),
                reader.get("strategy").map(node -> headers.strategy(node, owner)),
                headers.permissions(reader.get("permissions")),
                reader.get("concurrency")
                        .map(node -> headers.concurrency(node, Vocabularies.JOB, owner)),
                headers.cacheMode(reader.get("cache-mode")),
                at);
    }

    private List<Located<String>> needs(YamlNode node, String owner) {
        return values.plainList(node, "'needs' of " + owner);
    }

    private Job call(MappingReader reader, Job.Header header, String owner) {
        YamlNode uses = reader.require("uses").orElseThrow();
        WorkflowRef reference =
                values.plainNonEmpty(uses, "'uses' of " + owner)
                        .map(text -> References.workflow(text, problems))
                        .orElse(new WorkflowRef.Local("", "", false));
        Computed with =
                reader.get("with")
                        .map(node -> values.any(node, Vocabularies.JOB))
                        .orElse(Computed.emptyMapping(reader.position()));
        reader.get("with").ifPresent(node -> checkWith(node, owner));
        Optional<YamlNode> secrets = reader.get("secrets");
        boolean inherit =
                secrets.filter(
                                node ->
                                        node instanceof YamlScalar scalar
                                                && scalar.asString().equals("inherit"))
                        .isPresent();
        Optional<Computed> mapped =
                inherit ? Optional.empty() : secrets.map(node -> secrets(node, owner));
        return new CallJob(
                header, new Located<>(reference, uses.position()), with, inherit, mapped);
    }

    private void checkWith(YamlNode node, String owner) {
        switch (node) {
            case YamlMapping mapping ->
                    mapping.entries().stream()
                            .filter(
                                    entry ->
                                            !entry.key().text().startsWith("${{")
                                                    && !(entry.value() instanceof YamlScalar))
                            .forEach(
                                    entry ->
                                            values.wrongType(
                                                    entry.value(),
                                                    "'"
                                                            + entry.key().text()
                                                            + "' in 'with' of "
                                                            + owner,
                                                    "text, a number or a boolean"));
            case YamlScalar scalar -> {
                if (!scalar.isNull() && !ValueReader.holdsExpression(scalar)) {
                    values.wrongType(node, "'with' of " + owner, "a mapping");
                }
            }
            case YamlSequence _ -> values.wrongType(node, "'with' of " + owner, "a mapping");
        }
    }

    private Computed secrets(YamlNode node, String owner) {
        if (node instanceof YamlScalar scalar
                && !scalar.isNull()
                && !ValueReader.holdsExpression(node)) {
            values.wrongType(node, "'secrets' of " + owner, "'inherit' or a mapping");
            return Computed.emptyMapping(node.position());
        }
        return values.stringMap(node, Vocabularies.JOB_SECRETS, "'secrets' of " + owner);
    }

    private Job steps(MappingReader reader, Job.Header header, String owner) {
        Computed runsOn =
                reader.require("runs-on")
                        .map(node -> runtime.runsOn(node, owner))
                        .orElse(new Computed.Literal(Value.of(""), reader.position()));
        List<Step> steps =
                reader.get("steps")
                        .map(node -> StepParser.ofJob(node, values, owner))
                        .orElse(List.of());
        boolean listed =
                reader.get("steps")
                        .filter(
                                node ->
                                        !(node instanceof YamlSequence list)
                                                || !list.items().isEmpty())
                        .isPresent();
        if (!listed) {
            problems.error(
                    reader.position(),
                    owner + " has no steps; give it 'steps', or 'uses'" + " to call a workflow");
        }
        return new StepsJob(
                header,
                runsOn,
                reader.get("environment").map(node -> runtime.environment(node, owner)),
                reader.get("outputs")
                        .map(
                                node ->
                                        values.stringMap(
                                                node,
                                                Vocabularies.JOB_OUTPUTS,
                                                "'outputs' of " + owner))
                        .orElse(Computed.emptyMapping(reader.position())),
                reader.get("env")
                        .map(
                                node ->
                                        values.stringMap(
                                                node, Vocabularies.JOB_ENV, "'env' of " + owner))
                        .orElse(Computed.emptyMapping(reader.position())),
                headers.defaults(reader.get("defaults"), Vocabularies.JOB_DEFAULTS, owner),
                reader.get("container").map(node -> runtime.container(node, owner)),
                reader.get("services").map(node -> runtime.services(node, owner)),
                number(reader, "timeout-minutes", owner),
                number(reader, "cancel-timeout-minutes", owner),
                reader.get("continue-on-error")
                        .map(
                                node ->
                                        values.bool(
                                                node,
                                                Vocabularies.JOB,
                                                "'continue-on-error' of " + owner)),
                reader.get("snapshot").map(node -> runtime.snapshot(node, owner)),
                steps);
    }

    private Optional<Computed> number(MappingReader reader, String key, String owner) {
        return reader.get(key)
                .map(node -> values.number(node, Vocabularies.JOB, "'" + key + "' of " + owner));
    }

    private static List<String> join(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
