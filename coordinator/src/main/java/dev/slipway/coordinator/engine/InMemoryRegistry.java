package dev.slipway.coordinator.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The registry and the election of a cluster as a model in memory: for tests and simulations. Who
/// joined first is elected; when it goes, the next.
public final class InMemoryRegistry {
    private final Map<String, Candidacy> standing = new LinkedHashMap<>();
    private String elected = "";

    /// The cluster as one coordinator sees it.
    public Membership member() {
        return new Candidacy();
    }

    /// A coordinator's session is lost: it is deposed, another one is elected, and it stands again.
    public void expire(String id) {
        Candidacy lost;
        synchronized (this) {
            lost = standing.get(id);
        }
        if (lost != null) {
            lost.resign();
        }
    }

    /// A coordinator hears nothing of the registry, or hears again.
    public synchronized void suspend(String id, boolean now) {
        Candidacy cut = standing.get(id);
        if (cut != null) {
            cut.suspended = now;
        }
    }

    /// A coordinator died without a word, and its session is over: the next one is elected.
    public void forget(String id) {
        Candidacy gone;
        synchronized (this) {
            gone = standing.get(id);
        }
        if (gone != null) {
            gone.leave(true, candidate -> {});
        }
    }

    public synchronized String elected() {
        return elected;
    }

    private void elect() {
        Membership.Candidate next;
        synchronized (this) {
            if (!elected.isEmpty() || standing.isEmpty()) {
                return;
            }
            Map.Entry<String, Candidacy> first = standing.entrySet().iterator().next();
            elected = first.getKey();
            next = first.getValue().candidate();
        }
        next.elected();
    }

    private final class Candidacy implements Membership {
        private Optional<Self> self = Optional.empty();
        private Optional<Candidate> candidate = Optional.empty();
        private Progress progress = Progress.NONE;
        private boolean suspended;

        private Candidate candidate() {
            return candidate.orElseThrow();
        }

        @Override
        public void join(Self me, Candidate hears) {
            synchronized (InMemoryRegistry.this) {
                self = Optional.of(me);
                candidate = Optional.of(hears);
                standing.put(me.id(), this);
            }
            elect();
        }

        @Override
        public void report(Progress now) {
            synchronized (InMemoryRegistry.this) {
                progress = now;
            }
        }

        @Override
        public List<Member> members() {
            synchronized (InMemoryRegistry.this) {
                return List.copyOf(
                        new TreeMap<>(standing)
                                .values().stream()
                                        .map(
                                                one ->
                                                        new Member(
                                                                one.self.orElseThrow(),
                                                                one.progress))
                                        .toList());
            }
        }

        @Override
        public Optional<String> leaderAddress() {
            synchronized (InMemoryRegistry.this) {
                return Optional.ofNullable(standing.get(elected))
                        .filter(leader -> leader.progress.leads())
                        .flatMap(leader -> leader.self)
                        .map(Self::address);
            }
        }

        @Override
        public Authority authority() {
            return () -> {
                synchronized (InMemoryRegistry.this) {
                    return !suspended && isElected();
                }
            };
        }

        private boolean isElected() {
            return self.map(Self::id).filter(elected::equals).isPresent();
        }

        @Override
        public void resign() {
            leave(false, Candidate::deposed);
        }

        @Override
        public void close() {
            leave(true, candidate -> {});
        }

        private void leave(boolean forGood, Consumer<Candidate> tell) {
            synchronized (InMemoryRegistry.this) {
                if (self.isEmpty() || !standing.remove(self.get().id(), this)) {
                    return;
                }
                if (!forGood) {
                    standing.put(self.get().id(), this);
                }
                if (!isElected()) {
                    return;
                }
                elected = "";
                progress = Progress.NONE;
            }
            tell.accept(candidate());
            elect();
        }
    }
}
