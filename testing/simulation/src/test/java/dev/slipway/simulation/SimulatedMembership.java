package dev.slipway.simulation;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Membership;
import dev.slipway.simulation.SimulatedElection.Answer;
import dev.slipway.simulation.SimulatedElection.Ping;
import dev.slipway.simulation.SimulatedNetwork.Lane;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A member's part in the {@link SimulatedElection}. Without answers its authority lapses first, as
/// a suspended connection takes it; then its session is lost, and it begins another one. Everything
/// here happens in one world, so nothing is locked.
final class SimulatedMembership implements Membership {
    private static final Duration PING = SimulatedElection.SESSION.dividedBy(4);

    private final SimulatedNetwork network;
    private final SimulatedElection election;
    private final Node node;
    private final Lane there;
    private final Lane back;
    private @Nullable Self self;
    private @Nullable Candidate candidate;
    private Progress progress = Progress.NONE;
    private List<Member> members = List.of();
    private long session;
    private long candidacy = 1;
    private boolean elected;
    private Duration heard = Duration.ZERO;
    private Duration confirmed = Duration.ZERO;

    SimulatedMembership(SimulatedNetwork network, SimulatedElection election, Node node) {
        this.network = network;
        this.election = election;
        this.node = node;
        this.there = network.lane(node.name(), SimulatedElection.HOST);
        this.back = network.lane(SimulatedElection.HOST, node.name());
    }

    @Override
    public void join(Self me, Candidate hears) {
        self = me;
        candidate = hears;
        begin();
    }

    private void begin() {
        session = election.newSession();
        heard = node.clock().uptime();
        ping(session);
    }

    private void ping(long of) {
        Self me = self;
        if (of != session || me == null) {
            return;
        }
        Duration sent = node.clock().uptime();
        if (sent.minus(heard).compareTo(SimulatedElection.SESSION) > 0) {
            lost();
            return;
        }
        var ping = new Ping(of, candidacy, me, progress);
        there.deliver(
                () -> {
                    Answer answer = election.ping(ping);
                    back.deliver(() -> node.after(Duration.ZERO, () -> heard(ping, answer, sent)));
                });
        node.timers().after(PING, () -> ping(of));
    }

    private void heard(Ping ping, Answer answer, Duration sent) {
        if (ping.session() != session) {
            return;
        }
        if (answer.expired()) {
            lost();
            return;
        }
        heard = sent;
        members = answer.members();
        if (ping.candidacy() != candidacy) {
            return;
        }
        if (answer.elected()) {
            confirmed = sent;
            if (!elected) {
                elected = true;
                tell(Candidate::elected);
            }
        } else if (elected) {
            elected = false;
            tell(Candidate::deposed);
        }
    }

    private void lost() {
        network.world().note("%s loses its session".formatted(node.name()));
        boolean led = elected;
        elected = false;
        if (led && network.variant().stepsDown()) {
            tell(Candidate::deposed);
        }
        begin();
    }

    private void tell(java.util.function.Consumer<Candidate> word) {
        Candidate hears = candidate;
        if (hears != null) {
            word.accept(hears);
        }
    }

    @Override
    public void report(Progress now) {
        progress = now;
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public Optional<String> leaderAddress() {
        return members.stream()
                .filter(member -> member.progress().leads())
                .max(Comparator.comparingLong(member -> member.progress().epoch()))
                .map(member -> member.self().address());
    }

    /// Blueprint §4: the send time of the last ping that was answered, plus two thirds of the
    /// session.
    @Override
    public Authority authority() {
        Duration certain = SimulatedElection.SESSION.multipliedBy(2).dividedBy(3);
        return network.variant()
                .authority(
                        () ->
                                elected
                                        && confirmed.plus(certain).compareTo(node.clock().uptime())
                                                > 0);
    }

    @Override
    public void resign() {
        if (elected) {
            network.world().note("%s resigns".formatted(node.name()));
            elected = false;
            candidacy++;
            tell(Candidate::deposed);
        }
    }

    @Override
    public void close() {
        long last = session;
        session = 0;
        elected = false;
        there.deliver(() -> election.leave(last));
    }
}
