package dev.slipway.cli.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Whom a farm tells of what, and what it still owes.
public interface Notifications {
    /// Whom to tell of what. Patterns as in `on.push.branches`; none: everything.
    ///
    /// @param secretNames of the destination
    /// @param dropped how often it told nobody, because too much was kept
    record Rule(
            String name,
            List<String> on,
            Where where,
            String destination,
            Map<String, String> settings,
            List<String> secretNames,
            long dropped) {}

    record Where(
            List<String> projects,
            List<String> workflows,
            List<String> branches,
            List<String> environments) {}

    /// One message that a rule owes.
    record Owed(
            long id,
            String rule,
            String occasion,
            String title,
            Instant at,
            int tries,
            boolean dead,
            String problem) {}

    /// @param waiting how many wait in all
    /// @param dead how many were given up in all
    record Page(List<Owed> owed, int waiting, int dead) {}

    Rule set(Rule rule, Map<String, String> secrets, String by) throws InterruptedException;

    void remove(String name, String by) throws InterruptedException;

    List<Rule> rules() throws InterruptedException;

    /// Sends a message to a rule's destination now.
    ///
    /// @return why that was in vain; empty: it took it
    String test(String name) throws InterruptedException;

    Page list(boolean deadOnly, int limit) throws InterruptedException;

    /// Tries those again that were given up, or drops them.
    ///
    /// @param ids empty: all
    /// @return how many
    int settle(List<Long> ids, boolean discard, String by) throws InterruptedException;
}
