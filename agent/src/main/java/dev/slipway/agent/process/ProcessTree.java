package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// All processes that came from one command: those of its control group, those that carry its
/// tracking variable, those of the main process's session, and the children of all of these. No
/// single one is enough: children leave the session with `setsid`, clear their environment, and not
/// every machine lets the agent make control groups.
public final class ProcessTree {
    private final ProcessTable table;
    private final String variable;
    private final Optional<Path> controlGroup;

    /// @param variable `NAME=value`, unique to the command
    /// @param controlGroup a folder of the cgroup v2 file system
    public ProcessTree(ProcessTable table, String variable, Optional<Path> controlGroup) {
        this.table = table;
        this.variable = variable;
        this.controlGroup = controlGroup;
    }

    /// The members that live now. Processes come and go while this looks: a caller that kills must
    /// look again until nothing is found.
    ///
    /// @param main the main process, as far as it is known
    public List<ProcessIdentity> members(Optional<ProcessIdentity> main) throws IOException {
        List<ProcessTable.Entry> all = table.entries();
        OptionalInt session = session(main, all);
        Set<Integer> members = inControlGroup();
        for (ProcessTable.Entry entry : all) {
            if (!entry.ended() && (inSession(entry, session) || tracked(entry))) {
                members.add(entry.pid());
            }
        }
        addChildren(members, all);
        // The agent itself may run inside a step of another agent. It never signals itself.
        table.self().ifPresent(members::remove);
        List<ProcessIdentity> found = new ArrayList<>();
        for (ProcessTable.Entry entry : all) {
            if (members.contains(entry.pid()) && !entry.ended()) {
                found.add(table.identity(entry));
            }
        }
        return found;
    }

    private boolean tracked(ProcessTable.Entry entry) {
        return table.startedWith(entry.pid(), variable);
    }

    /// The session that the main process leads. Its id stays taken while members of the session
    /// live, so another process with that pid means that the session is a later one.
    private OptionalInt session(Optional<ProcessIdentity> main, List<ProcessTable.Entry> all) {
        if (main.isEmpty() || all.isEmpty()) {
            return OptionalInt.empty();
        }
        ProcessIdentity leader = main.get();
        boolean foreign =
                !leader.bootId().equals(table.identity(all.getFirst()).bootId())
                        || all.stream()
                                .filter(entry -> entry.pid() == leader.pid())
                                .anyMatch(entry -> entry.startTicks() != leader.startTicks());
        return foreign ? OptionalInt.empty() : OptionalInt.of(leader.pid());
    }

    private static boolean inSession(ProcessTable.Entry entry, OptionalInt session) {
        return session.isPresent()
                && (entry.pid() == session.getAsInt() || entry.session() == session.getAsInt());
    }

    private Set<Integer> inControlGroup() {
        Set<Integer> pids = new HashSet<>();
        if (controlGroup.isPresent()) {
            try {
                Files.readAllLines(controlGroup.get().resolve("cgroup.procs"))
                        .forEach(line -> pids.add(Integer.parseInt(line)));
            } catch (IOException gone) {
                // The group went with its last process; the other ways of looking still hold.
                return pids;
            }
        }
        return pids;
    }

    private static void addChildren(Set<Integer> members, List<ProcessTable.Entry> all) {
        Map<Integer, List<Integer>> children = new HashMap<>();
        for (ProcessTable.Entry entry : all) {
            children.computeIfAbsent(entry.parent(), parent -> new ArrayList<>()).add(entry.pid());
        }
        List<Integer> open = new ArrayList<>(members);
        while (!open.isEmpty()) {
            for (Integer child : children.getOrDefault(open.removeLast(), List.of())) {
                if (members.add(child)) {
                    open.add(child);
                }
            }
        }
    }
}
