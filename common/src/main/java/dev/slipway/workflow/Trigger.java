package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// One event under `on`, with what narrows it.
public sealed interface Trigger {

    /// The event's name: `push`, `pull_request`, …
    String event();

    /// Where the event is named.
    Position position();

    /// An event with filters.
    record Event(String event, Filters filters, Position position) implements Trigger {}

    /// `schedule`: one entry per cron line.
    record Schedule(List<ScheduleEntry> entries, Position position) implements Trigger {
        public Schedule {
            entries = List.copyOf(entries);
        }

        @Override
        public String event() {
            return "schedule";
        }
    }

    /// One cron line; the time zone is an IANA name, UTC when absent.
    record ScheduleEntry(String cron, Optional<String> timezone, Position position) {}

    /// `workflow_dispatch`: started by hand.
    record Dispatch(List<InputSpec> inputs, Position position) implements Trigger {
        public Dispatch {
            inputs = List.copyOf(inputs);
        }

        @Override
        public String event() {
            return "workflow_dispatch";
        }
    }

    /// `workflow_call`: called by another workflow.
    record Call(
            List<InputSpec> inputs,
            List<SecretSpec> secrets,
            List<OutputSpec> outputs,
            Position position)
            implements Trigger {
        public Call {
            inputs = List.copyOf(inputs);
            secrets = List.copyOf(secrets);
            outputs = List.copyOf(outputs);
        }

        @Override
        public String event() {
            return "workflow_call";
        }
    }

    /// A secret that a called workflow takes.
    record SecretSpec(String id, boolean required, String description, Position position) {}

    /// An output that a called workflow gives ({@link Vocabularies#CALL_OUTPUT}).
    record OutputSpec(String id, Computed value, String description, Position position) {}
}
