package dev.slipway.agent.actions;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.notice.WebPost.Answer;
import dev.slipway.workflow.YamlDocument;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `slackapi/slack-github-action` with the inputs of its versions 1 and 2: which of them is meant
/// is seen by what a step gives, since a built-in does not know its version.
///
/// Version 1 has its destinations in the variables `SLACK_WEBHOOK_URL` and `SLACK_BOT_TOKEN`,
/// version 2 in its inputs. Slack's address can be changed with the input `api` or the variable
/// `SLACK_API_URL`.
final class SlackAction implements BuiltIn {
    private static final String SLACK = "https://slack.com/api/";
    private static final List<String> OF_VERSION_2 =
            List.of("method", "token", "webhook", "webhook-type", "api");

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        // Version 1.
        inputs.put("channel-id", "");
        inputs.put("slack-message", "");
        inputs.put("update-ts", "");
        inputs.put("payload-file-path-parsed", "true");
        // Both.
        inputs.put("payload", "");
        inputs.put("payload-delimiter", "");
        inputs.put("payload-file-path", "");
        // Version 2.
        inputs.put("api", "");
        inputs.put("errors", "false");
        inputs.put("method", "");
        inputs.put("payload-templated", "false");
        inputs.put("proxy", "");
        inputs.put("retries", "5");
        inputs.put("token", "");
        inputs.put("webhook", "");
        inputs.put("webhook-type", "");
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        if (call.recall("sent").isPresent()) {
            call.say("The message was sent before the agent was started again.");
            outputs(call, call.recall("sent").orElse(""));
            return;
        }
        boolean second = OF_VERSION_2.stream().anyMatch(name -> !call.input(name).isEmpty());
        Optional<String> answer = second ? second(call) : first(call);
        if (answer.isPresent()) {
            call.record("sent", answer.get());
            outputs(call, answer.get());
        }
    }

    // -- Version 1

    private static Optional<String> first(ActionCall call)
            throws IOException, InterruptedException {
        String webhook = call.environment().getOrDefault("SLACK_WEBHOOK_URL", "");
        String token = call.environment().getOrDefault("SLACK_BOT_TOKEN", "");
        if (webhook.isBlank() && token.isBlank()) {
            new Messenger(call)
                    .withoutDestination(
                            "No destination for the message: neither SLACK_WEBHOOK_URL nor"
                                + " SLACK_BOT_TOKEN is set. Set one in the step's `env`, e.g."
                                + " SLACK_WEBHOOK_URL: ${{ secrets.SLACK_WEBHOOK_URL }}, or in the"
                                + " environment of the agents.");
            return Optional.empty();
        }
        Optional<Value> payload = payload(call);
        String answer = "";
        if (!token.isBlank()) {
            answer = post(call, token, payload);
        }
        if (!webhook.isBlank()) {
            Value body =
                    payload.orElseThrow(
                            () ->
                                    new ActionFailure(
                                            "A webhook needs the input `payload` or"
                                                    + " `payload-file-path`."));
            boolean incoming =
                    call.environment()
                            .getOrDefault("SLACK_WEBHOOK_TYPE", "")
                            .equals("INCOMING_WEBHOOK");
            String sent = webhook(call, webhook, incoming ? body : flat(call, body));
            answer = answer.isEmpty() ? sent : answer;
        }
        return Optional.of(answer);
    }

    private static String post(ActionCall call, String token, Optional<Value> payload)
            throws InterruptedException {
        String answer = "";
        String channels = call.input("channel-id");
        if (channels.isEmpty()) {
            throw new ActionFailure(
                    "Channel ID is required to run this action. An empty one has been provided");
        }
        for (String channel : channels.split(",")) {
            Map<String, Value> body = new LinkedHashMap<>(entries(payload.orElse(Value.NULL)));
            body.put("channel", Value.of(channel.strip()));
            if (!call.input("slack-message").isEmpty()) {
                body.put("text", Value.of(call.input("slack-message")));
            }
            boolean update = !call.input("update-ts").isEmpty();
            if (update) {
                body.put("ts", Value.of(call.input("update-ts")));
            }
            String method = update ? "chat.update" : "chat.postMessage";
            answer = api(call, token, method, Value.caseSensitiveObject(body), true);
        }
        return answer;
    }

    // -- Version 2

    private static Optional<String> second(ActionCall call)
            throws IOException, InterruptedException {
        String webhook = call.input("webhook");
        if (webhook.isEmpty()) {
            webhook = call.environment().getOrDefault("SLACK_WEBHOOK_URL", "");
        }
        String token = call.input("token");
        if (token.isEmpty()) {
            token = call.environment().getOrDefault("SLACK_TOKEN", "");
        }
        boolean method = !call.input("method").isEmpty();
        if (method ? token.isBlank() : webhook.isBlank()) {
            new Messenger(call)
                    .withoutDestination(
                            method
                                    ? "No token for the message: the input `token` is empty. Is the"
                                            + " secret set?"
                                    : "No destination for the message: the input `webhook` is"
                                            + " empty. Is the secret set? A message through Slack's"
                                            + " API needs the inputs `method` and `token`.");
            return Optional.empty();
        }
        Value body = payload(call).orElse(Value.caseSensitiveObject(Map.of()));
        if (method) {
            return Optional.of(api(call, token, call.input("method"), body, call.flag("errors")));
        }
        return switch (call.input("webhook-type")) {
            case "incoming-webhook" -> Optional.of(webhook(call, webhook, body));
            case "webhook-trigger" -> Optional.of(webhook(call, webhook, flat(call, body)));
            case String other ->
                    throw new ActionFailure(
                            "Missing input! The webhook type must be 'incoming-webhook' or"
                                    + " 'webhook-trigger', not '"
                                    + other
                                    + "'.");
        };
    }

    // -- Both

    private static Optional<Value> payload(ActionCall call) throws IOException {
        String text = call.input("payload");
        String file = call.input("payload-file-path");
        if (text.isEmpty() && !file.isEmpty()) {
            Path path = call.workspace().resolve(file);
            if (!Files.isRegularFile(path)) {
                throw new ActionFailure("There is no file '" + file + "' in the workspace.");
            }
            text = Files.readString(path);
            requireNoTemplate(call, text);
        }
        if (text.isBlank()) {
            return Optional.empty();
        }
        Value value;
        try {
            value = json(text).orElseGet(yaml(text));
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure(
                    "The payload is neither JSON nor YAML: " + wrong.getMessage(), wrong);
        }
        if (!(value instanceof Value.ObjectValue)) {
            throw new ActionFailure("The payload must be an object.");
        }
        return Optional.of(value);
    }

    /// GitHub's action fills templates in files; the input `payload` needs none, because
    /// expressions are evaluated in it.
    private static void requireNoTemplate(ActionCall call, String text) {
        boolean second = OF_VERSION_2.stream().anyMatch(name -> !call.input(name).isEmpty());
        boolean filled = second ? call.flag("payload-templated") : text.contains("${{");
        if (filled) {
            throw new ActionFailure(
                    "Templates in payload files are not filled here. Move the text into the input"
                            + " `payload`, where expressions are evaluated.");
        }
    }

    private static Optional<Value> json(String text) {
        try {
            return Optional.of(Json.parseCaseSensitive(text));
        } catch (IllegalArgumentException notJson) {
            return Optional.empty();
        }
    }

    private static java.util.function.Supplier<Value> yaml(String text) {
        return () -> YamlDocument.parse(text);
    }

    private static Map<String, Value> entries(Value value) {
        return value instanceof Value.ObjectValue object ? object.entries() : Map.of();
    }

    /// A workflow of Slack takes texts only: nested keys are joined.
    private static Value flat(ActionCall call, Value body) {
        String delimiter = call.input("payload-delimiter");
        Map<String, Value> flat = new LinkedHashMap<>();
        flatten("", delimiter.isEmpty() ? "." : delimiter, body, flat);
        return Value.caseSensitiveObject(flat);
    }

    private static void flatten(
            String path, String delimiter, Value value, Map<String, Value> flat) {
        String prefix = path.isEmpty() ? "" : path + delimiter;
        switch (value) {
            case Value.ObjectValue object ->
                    object.entries()
                            .forEach((key, item) -> flatten(prefix + key, delimiter, item, flat));
            case Value.ArrayValue list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    flatten(prefix + i, delimiter, list.items().get(i), flat);
                }
            }
            default -> flat.put(path, Value.of(value.text()));
        }
    }

    private static String webhook(ActionCall call, String url, Value body)
            throws InterruptedException {
        Answer answer = new Messenger(call).post(url, Map.of(), body);
        if (!answer.ok()) {
            throw new ActionFailure(
                    "Slack's webhook answered HTTP %d: %s"
                            .formatted(answer.status(), line(answer.body())));
        }
        call.say("The message is sent through the webhook.");
        return answer.body();
    }

    private static String api(
            ActionCall call, String token, String method, Value body, boolean failing)
            throws InterruptedException {
        String base = call.input("api");
        if (base.isEmpty()) {
            base = call.environment().getOrDefault("SLACK_API_URL", "");
        }
        base = base.isBlank() ? SLACK : base.strip().replaceFirst("/*$", "/");
        call.masks().add(token);
        Answer answer =
                new Messenger(call)
                        .post(base + method, Map.of("Authorization", "Bearer " + token), body);
        Value said = answer.ok() ? json(answer.body()).orElse(Value.NULL) : Value.NULL;
        if (!answer.ok() || !said.get("ok").truthy()) {
            String why =
                    answer.ok()
                            ? "error " + said.get("error").text()
                            : "HTTP " + answer.status() + ": " + line(answer.body());
            String text = "Slack did not take the message (" + method + "): " + why;
            if (failing || !answer.ok()) {
                throw new ActionFailure(text);
            }
            call.warn(text);
        } else {
            call.say("The message is sent (" + method + ").");
        }
        return answer.body();
    }

    private static void outputs(ActionCall call, String body) {
        Value said = json(body).orElse(Value.NULL);
        call.output("ok", String.valueOf(said.equals(Value.NULL) || said.get("ok").truthy()));
        call.output("response", body);
        call.output("ts", said.get("ts").text());
        call.output("thread_ts", said.get("message").get("thread_ts").text());
        call.output("channel_id", said.get("channel").text());
    }

    private static String line(String body) {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() <= 300 ? line : line.substring(0, 299) + "…";
    }
}
