package dev.slipway.agent.output;

import dev.slipway.agent.output.Annotation.Level;
import dev.slipway.agent.output.Annotation.Place;
import dev.slipway.agent.output.MatcherConfig.Part;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ArrayValue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Obeys the workflow commands of one step.
final class Commands {
    private static final String BAD_TOKEN =
            "You cannot use a endToken that is an empty string, the string 'pause-logging', or"
                    + " another workflow command.";

    /// Their lines are not echoed: they show by themselves, or must not be seen.
    private static final Set<String> NEVER_ECHOED =
            Set.of("add-mask", "debug", "error", "warning", "notice");

    private final CommandSettings settings;
    private final StepContext context;
    private final Consumer<String> log;
    private final List<String> masksAdded = new ArrayList<>();
    private final Set<String> deprecationsShown = new TreeSet<>();
    private String stopToken = "";
    private boolean echo;

    /// The line that is being obeyed, for ids.
    private long offset;

    private int ordinal;

    /// A command that cannot be obeyed; the message is for the workflow's author.
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Refused(String why) {
            super(why);
            this.why = why;
        }
    }

    /// @param log takes lines for the step's log, which it masks
    Commands(CommandSettings settings, StepContext context, Consumer<String> log) {
        this.settings = settings;
        this.context = context;
        this.log = log;
        echo = settings.debug();
    }

    Value toValue() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("stop", Value.of(stopToken));
        fields.put("echo", Value.of(echo));
        fields.put("masks", texts(masksAdded));
        fields.put("deprecations", texts(deprecationsShown));
        fields.put("matchers", context.matchers().toValue());
        return Value.object(fields);
    }

    private static Value texts(Iterable<String> texts) {
        var values = new ArrayList<Value>();
        texts.forEach(text -> values.add(Value.of(text)));
        return Value.array(values);
    }

    void restore(Value state) {
        stopToken = state.get("stop").text();
        echo = state.get("echo").truthy();
        forEachText(
                state.get("masks"),
                mask -> {
                    masksAdded.add(mask);
                    context.masks().add(mask);
                });
        forEachText(state.get("deprecations"), deprecationsShown::add);
        context.matchers().restore(state.get("matchers"));
    }

    private static void forEachText(Value values, Consumer<String> action) {
        if (values instanceof ArrayValue(List<Value> items)) {
            items.forEach(item -> action.accept(item.text()));
        }
    }

    /// Obeys the command in a line; false when there is none.
    boolean obey(String line, long rawOffset) {
        Optional<Command> found = Command.parse(line, stopToken);
        if (found.isEmpty()) {
            return false;
        }
        at(rawOffset);
        Command command = found.get();
        if (!stopToken.isEmpty()) {
            if (!command.name().equalsIgnoreCase(stopToken)) {
                return false;
            }
            log.accept(line);
            stopToken = "";
            return true;
        }
        boolean mayEcho = !NEVER_ECHOED.contains(command.name());
        if (command.name().equals("stop-commands") || (echo && mayEcho)) {
            log.accept(line);
        }
        try {
            obey(command);
        } catch (Refused e) {
            String what = mayEcho ? line : command.name();
            refuse("Unable to process command '%s' successfully.".formatted(what), e.why);
        }
        return true;
    }

    private void at(long rawOffset) {
        offset = rawOffset;
        ordinal = 0;
    }

    private CommandId nextId() {
        return new CommandId(settings.step(), offset, ordinal++);
    }

    private void refuse(String what, String why) {
        log.accept("##[error]" + what);
        log.accept("##[error]" + why);
        annotate(Level.ERROR, what + " " + why, "", Place.NONE);
        context.sink().fail(nextId(), context.masks().apply(why));
    }

    private void obey(Command command) throws Refused {
        switch (command.name()) {
            case "group" -> log.accept("##[group]" + command.data());
            case "endgroup" -> log.accept("##[endgroup]");
            case "debug" -> {
                if (settings.debug()) {
                    log.accept("##[debug]" + command.data());
                }
            }
            case "error", "warning", "notice" -> issue(command);
            case "add-mask" -> addMask(command);
            case "stop-commands" -> stop(command);
            case "echo" -> echo(command);
            case "add-matcher" -> addMatcher(command);
            case "remove-matcher" -> removeMatcher(command);
            case "set-output" -> {
                warnDeprecated(command);
                context.sink().output(nextId(), name(command), command.data());
            }
            case "save-state" -> {
                warnDeprecated(command);
                context.sink().state(nextId(), name(command), command.data());
            }
            case "set-env" -> setEnv(command);
            case "add-path" -> addPath(command);
            default -> throw new IllegalStateException("no such command: " + command.name());
        }
    }

    private static String name(Command command) throws Refused {
        String name = command.property("name");
        if (name.isEmpty()) {
            throw new Refused(
                    "Required field 'name' is missing in ##[%s] command."
                            .formatted(command.name()));
        }
        return name;
    }

    private void warnDeprecated(Command command) {
        if (deprecationsShown.add(command.name())) {
            warn(
                    ("The `%s` command is deprecated and will be disabled soon. Please upgrade to"
                         + " using Environment Files. For more information see: "
                         + "https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/")
                            .formatted(command.name()));
        }
    }

    private void warn(String message) {
        log.accept("##[warning]" + message);
        annotate(Level.WARNING, message, "", Place.NONE);
    }

    private void issue(Command command) {
        Level level = Level.valueOf(command.name().toUpperCase(Locale.ROOT));
        log.accept("##[" + command.name() + "]" + command.data());
        String file = command.property("file");
        Place place = Places.of(command, file.isEmpty() ? "" : context.files().forAnnotation(file));
        annotate(level, command.data(), command.property("title"), place);
    }

    private void annotate(Level level, String message, String title, Place place) {
        Masks masks = context.masks();
        context.sink()
                .annotation(
                        new Annotation(
                                nextId(),
                                level,
                                masks.apply(message),
                                masks.apply(title),
                                place.in(masks.apply(place.file()))));
    }

    private void addMask(Command command) {
        String secret = command.data();
        if (secret.isBlank()) {
            warn("Can't add secret mask for empty string in ##[add-mask] command.");
            return;
        }
        if (echo) {
            log.accept("::add-mask::***");
        }
        context.masks().add(secret);
        masksAdded.add(secret);
        context.sink().mask(nextId(), secret);
    }

    private void stop(Command command) throws Refused {
        String token = command.data();
        boolean isBad =
                token.isEmpty()
                        || token.equalsIgnoreCase("pause-logging")
                        || Command.NAMES.contains(token.toLowerCase(Locale.ROOT));
        if (isBad && (token.isEmpty() || !settings.unsecureStopTokens())) {
            throw new Refused(BAD_TOKEN);
        }
        stopToken = token;
    }

    private void echo(Command command) throws Refused {
        echo =
                switch (command.data().strip().toLowerCase(Locale.ROOT)) {
                    case "on" -> true;
                    case "off" -> false;
                    default ->
                            throw new Refused(
                                    ("Invalid echo command value. Possible values can be: 'on',"
                                                    + " 'off'. Current value is: '%s'.")
                                            .formatted(command.data()));
                };
    }

    private void addMatcher(Command command) throws Refused {
        if (command.data().isEmpty()) {
            warn("File path must be specified.");
            return;
        }
        context.matchers().add(load(command.data()));
        context.sink().matchers(nextId(), context.matchers().toValue());
    }

    private void removeMatcher(Command command) throws Refused {
        String owner = command.property("owner");
        String file = command.data();
        if (owner.isEmpty() == file.isEmpty()) {
            warn(
                    "Either an owner name or a file path must be specified in ##[remove-matcher]"
                            + " command, and not both.");
            return;
        }
        if (file.isEmpty()) {
            context.matchers().remove(owner);
        } else {
            load(file).forEach(matcher -> context.matchers().remove(matcher.owner()));
        }
        context.sink().matchers(nextId(), context.matchers().toValue());
    }

    private List<MatcherConfig> load(String path) throws Refused {
        try {
            return MatcherConfig.parseFile(context.files().read(path));
        } catch (IOException e) {
            throw new Refused("The matcher file '%s' cannot be read: %s".formatted(path, e));
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    "The matcher file '%s' is not valid: %s".formatted(path, e.getMessage()));
        }
    }

    private void setEnv(Command command) throws Refused {
        requireUnsecure(command);
        String name = name(command);
        if (name.equalsIgnoreCase("NODE_OPTIONS")) {
            String message =
                    "Can't update NODE_OPTIONS environment variable using ::set-env:: command.";
            log.accept("##[error]" + message);
            annotate(Level.ERROR, message, "", Place.NONE);
            return;
        }
        context.sink().env(nextId(), name, command.data());
    }

    private void addPath(Command command) throws Refused {
        requireUnsecure(command);
        if (command.data().isEmpty()) {
            throw new Refused("A path is missing in ##[add-path] command.");
        }
        context.sink().path(nextId(), command.data());
    }

    private void requireUnsecure(Command command) throws Refused {
        if (!settings.unsecureCommands()) {
            throw new Refused(
                    ("The `%s` command is disabled. Please upgrade to using Environment Files or"
                         + " opt into unsecure command execution by setting the"
                         + " `ACTIONS_ALLOW_UNSECURE_COMMANDS` environment variable to `true`. For"
                         + " more information see: "
                         + "https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/")
                            .formatted(command.name()));
        }
    }

    /// A problem matcher matched; false when its severity is unknown.
    boolean problem(RunningMatchers.Found found, String line, long rawOffset) {
        String severity = found.part(Part.SEVERITY).toLowerCase(Locale.ROOT);
        Level level =
                switch (severity) {
                    case "", "error" -> Level.ERROR;
                    case "warning" -> Level.WARNING;
                    case "notice" -> Level.NOTICE;
                    default -> null;
                };
        if (level == null) {
            return false;
        }
        at(rawOffset);
        log.accept("##[" + level.label() + "]" + line);
        String file = found.part(Part.FILE);
        String kept =
                file.isBlank()
                        ? ""
                        : context.files().forMatcher(file, found.part(Part.FROM_PATH)).orElse("");
        int number = Places.number(found.part(Part.LINE));
        var place = new Place(kept, number, 0, Places.number(found.part(Part.COLUMN)), 0);
        annotate(level, found.part(Part.MESSAGE), found.part(Part.CODE).strip(), place);
        return true;
    }

    void matcherRemoved(String owner, String why, long rawOffset) {
        at(rawOffset);
        warn("Removing issue matcher '%s': %s.".formatted(owner, why));
        context.sink().matchers(nextId(), context.matchers().toValue());
    }

    /// A line too long to be read as a command must not be ignored if it is one.
    void refuseLong(byte[] bytes, int length, long rawOffset) {
        String start = new String(bytes, 0, Math.min(length, 1024), StandardCharsets.UTF_8);
        if (stopToken.isEmpty() && Command.parse(start, stopToken).isPresent()) {
            at(rawOffset);
            refuse(
                    "Unable to process a command of more than %d bytes."
                            .formatted(LineProcessor.MAX_LINE),
                    "Write long values to the environment files (GITHUB_OUTPUT, GITHUB_ENV).");
        }
    }
}
