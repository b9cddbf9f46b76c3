package dev.slipway.agent.actions;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.notice.Mail;
import dev.slipway.notice.MailRefused;
import dev.slipway.notice.Smtp;
import dev.slipway.notice.WebPost;
import dev.slipway.notice.WebPost.Answer;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Sends messages to services outside, patiently: what fails for a reason that may pass is tried
/// again, three times more at most. A URL of a webhook is a secret: only its host is ever said.
final class Messenger {
    private static final int TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /// What an operator sets in the agent's environment, so that a message without a destination
    /// does not fail its step.
    private static final String WITHOUT_DESTINATION = "NOTIFY_WITHOUT_DESTINATION";

    private final ActionCall call;

    Messenger(ActionCall call) {
        this.call = call;
    }

    /// Posts JSON.
    ///
    /// @throws ActionFailure when nobody takes it
    Answer post(String url, Map<String, String> headers, Value body) throws InterruptedException {
        return post(url, headers, Json.compact(body).getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String url, Map<String, String> headers, byte[] body) throws InterruptedException {
        URI uri = uri(url);
        String host = uri.getHost();
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            String why;
            try {
                Answer answer =
                        WebPost.send(
                                uri,
                                WebPost.proxy(uri, call.environment(), call.input("proxy")),
                                headers,
                                body);
                if (!answer.passing() || attempt == tries()) {
                    return answer;
                }
                why = "HTTP " + answer.status();
                pause = answer.retryAfter().orElse(pause);
            } catch (IOException unreachable) {
                why = String.valueOf(unreachable.getMessage());
                if (attempt == tries()) {
                    throw new ActionFailure(
                            "%s could not be reached: %s".formatted(host, why), unreachable);
                }
            }
            pause = pauseAfter(host, why, pause);
        }
    }

    /// Hands a mail to its server.
    ///
    /// @throws ActionFailure when it does not take it
    void mail(Mail mail) throws InterruptedException {
        var smtp = new Smtp(call.clock());
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                smtp.send(mail);
                return;
            } catch (MailRefused refused) {
                throw new ActionFailure(String.valueOf(refused.getMessage()), refused);
            } catch (IOException problem) {
                String why = String.valueOf(problem.getMessage());
                if (attempt == TRIES) {
                    throw new ActionFailure(why, problem);
                }
                pause = pauseAfter(mail.server().toString(), why, pause);
            }
        }
    }

    /// @return how long to pause the next time
    private Duration pauseAfter(String who, String why, Duration pause)
            throws InterruptedException {
        call.say(
                "%s did not take it (%s); trying again in %d s"
                        .formatted(who, why, pause.toSeconds()));
        call.timers().pause(pause);
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(WebPost.LONGEST_PAUSE) > 0 ? WebPost.LONGEST_PAUSE : doubled;
    }

    /// A message has no destination: the step fails, unless the farm's operator said otherwise.
    void withoutDestination(String what) {
        String choice = call.environment().getOrDefault(WITHOUT_DESTINATION, "fail");
        switch (choice) {
            case "warn" -> call.warn(what);
            case "ignore" -> call.say(what);
            default ->
                    throw new ActionFailure(
                            what
                                    + " (Whoever runs the agents can set "
                                    + WITHOUT_DESTINATION
                                    + "=warn in their environment: then this does not fail the"
                                    + " step.)");
        }
    }

    private static URI uri(String url) {
        try {
            return WebPost.destination(url);
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /// As the input `retries` has it, if the action has one: 0 means once.
    private int tries() {
        return call.input("retries").equals("0") ? 1 : TRIES;
    }
}
