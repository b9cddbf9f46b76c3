package dev.slipway.cli.client;

import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A channel to whichever of the given coordinators answers; one that does not lead may name the
/// one that does. Only idempotent calls go through it: when the connection fails, or no answer
/// comes, they are made again, at the next address, for as long as the patience lasts.
///
/// A coordinator that stands still (SIGSTOP, a paused machine) is noticed three times: its kernel
/// accepts connections, so the wait for its first word is bounded; every call with one answer has a
/// deadline; and streams have keep-alive pings, which begin only after that first word. Safe for
/// many threads.
final class Connection implements AutoCloseable {
    /// A farm that has never answered is probably not there.
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(2);

    /// One that has answered is probably being restarted.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// A farm without a leader is about to elect one.
    private static final Duration ELECTION_PATIENCE = Duration.ofMinutes(1);

    /// How long a reader waits for a leader before it takes what any coordinator knows: longer than
    /// an election.
    static final Duration LEADER_PATIENCE = Duration.ofSeconds(15);

    /// A shorter silence is not worth a word: a failover takes seconds.
    private static final Duration UNSAID = Duration.ofSeconds(3);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /// The shortest that gRPC allows.
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;

    private final FarmAddresses addresses;
    private final Ports ports;
    private final Consumer<String> messages;
    private final Limits limits;
    private final EventLoopGroup eventLoop;
    private List<ServerAddress> servers;
    private int current;
    private @Nullable ServerAddress leader;
    private @Nullable ManagedChannel channel;
    private volatile boolean answered;

    /// How long a coordinator may be silent before the next one is asked.
    ///
    /// @param greeting from the connection to the first word of HTTP/2
    /// @param answer for a call with one answer; doubled with each call that got none, because the
    ///   answer may be large or the farm slow
    /// @param longestAnswer the end of that: what coordinators themselves allow a call
    /// @param patience with a farm that was only silent so far: it may be a busy machine
    record Limits(Duration greeting, Duration answer, Duration longestAnswer, Duration patience) {
        static final Limits STANDARD =
                new Limits(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30));
    }

    /// @param servers where to begin
    /// @param addresses where to go on after a failure
    /// @param messages gets a sentence for people when the connection is lost and when it is back
    Connection(
            List<ServerAddress> servers,
            FarmAddresses addresses,
            Ports ports,
            Consumer<String> messages,
            Limits limits) {
        this.servers = List.copyOf(servers);
        this.addresses = addresses;
        this.ports = ports;
        this.messages = messages;
        this.limits = limits;
        this.eventLoop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("slipway-client", true),
                        NioIoHandler.newFactory());
    }

    /// One use of a channel that can be repeated.
    interface Use<T> {
        T on(Channel channel) throws StatusException, InterruptedException;
    }

    /// Told to a use that goes on for long: it has got something, so the patience begins anew.
    interface Progress {
        void made();
    }

    /// One use of a channel that goes on for long and starts again where it was.
    interface LongUse {
        void on(Channel channel, Progress progress) throws InterruptedException;
    }

    /// Makes the call, again and again while the farm cannot be reached.
    ///
    /// @throws SlipwayException the farm's answer when it is an error, or FARM_UNREACHABLE
    <T> T call(Use<T> use) throws InterruptedException {
        return call(use, PATIENCE);
    }

    /// The same with an end to the patience.
    ///
    /// @throws SlipwayException also NOT_LEADER, when coordinators were there but none that leads
    <T> T call(Use<T> use, Duration atMost) throws InterruptedException {
        var attempt = new Attempt(atMost);
        while (true) {
            ManagedChannel used = channel();
            try {
                awaitGreeting(used);
                T result = use.on(attempt.bounded(used));
                attempt.succeeded();
                return result;
            } catch (StatusRuntimeException | StatusException problem) {
                attempt.failed(problem, used);
            }
        }
    }

    /// Like {@link #call} for streams.
    void stream(LongUse use) throws InterruptedException {
        var attempt = new Attempt(PATIENCE);
        while (true) {
            ManagedChannel used = channel();
            try {
                awaitGreeting(used);
                use.on(used, attempt::succeeded);
                attempt.succeeded();
                return;
            } catch (StatusRuntimeException problem) {
                attempt.failed(problem, used);
            }
        }
    }

    private synchronized ManagedChannel channel() {
        if (channel == null) {
            ServerAddress server = leader != null ? leader : servers.get(current);
            channel =
                    NettyChannelBuilder.forAddress(server.host(), server.port())
                            .usePlaintext()
                            .channelType(NioSocketChannel.class)
                            .eventLoopGroup(eventLoop)
                            .directExecutor()
                            .maxInboundMessageSize(LARGEST_MESSAGE)
                            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                            .keepAliveTimeout(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                            .build();
        }
        return channel;
    }

    /// Returns when the channel can be used, or will fail by itself.
    private void awaitGreeting(ManagedChannel used) throws InterruptedException {
        Duration end = ports.clock().uptime().plus(limits.greeting());
        ConnectivityState state = used.getState(true);
        while (state == ConnectivityState.IDLE || state == ConnectivityState.CONNECTING) {
            Duration left = end.minus(ports.clock().uptime());
            if (!left.isPositive()) {
                throw Status.DEADLINE_EXCEEDED
                        .withDescription(
                                "no answer within %d s; does it stand still?"
                                        .formatted(limits.greeting().toSeconds()))
                        .asRuntimeException();
            }
            var changed = new CountDownLatch(1);
            used.notifyWhenStateChanged(state, changed::countDown);
            var timer = ports.timers().after(left, changed::countDown);
            try {
                changed.await();
            } finally {
                timer.cancel();
            }
            state = used.getState(true);
        }
    }

    /// The next call goes to the leader that the answer names, else to the next address, unless
    /// another thread has seen to that. Calls that are under way go on, but for those that nobody
    /// would answer.
    @SuppressWarnings("ReferenceEquality") // this very channel, not one like it
    private synchronized void leave(ManagedChannel failed, @Nullable ServerAddress named)
            throws InterruptedException {
        if (channel == failed) {
            channel = null;
            if (named == null) {
                lookUpServers();
            }
            if (leader == null) {
                current = (current + 1) % servers.size();
            }
            leader = named;
        }
        if (named == null) {
            failed.shutdownNow();
        } else {
            failed.shutdown();
        }
    }

    /// An embedded farm that was started again has another address.
    private void lookUpServers() throws InterruptedException {
        try {
            servers = List.copyOf(addresses.now());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    public synchronized void close() {
        if (channel != null) {
            channel.shutdownNow();
            channel = null;
        }
        eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    /// The state of one call's repetitions.
    private final class Attempt {
        private @Nullable Duration failingSince;
        private boolean said;
        private boolean redirected;
        private final Duration atMost;
        private @Nullable SlipwayException refusal;
        private boolean silent;
        private int failures;
        private Duration deadline = limits.answer();
        private Duration pause = Duration.ofMillis(100);

        Attempt(Duration atMost) {
            this.atMost = atMost;
        }

        /// The same channel, whose calls with one answer end in time.
        Channel bounded(Channel used) {
            return ClientInterceptors.intercept(used, new Deadlines(deadline));
        }

        void succeeded() {
            answered = true;
            if (said) {
                messages.accept("The connection to the farm is back.");
            }
            failingSince = null;
            failures = 0;
            refusal = null;
            said = false;
            redirected = false;
            pause = Duration.ofMillis(100);
        }

        /// Returns when the call shall be made again.
        void failed(Exception problem, ManagedChannel used) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            SlipwayException error = GrpcErrors.toException(problem);
            if (!isWorthRepeating(error.code())) {
                throw error;
            }
            Duration now = ports.clock().uptime();
            if (failingSince == null) {
                failingSince = now;
            }
            failures++;
            refusal = error.code() == ErrorCode.NOT_LEADER ? error : refusal;
            silent |= error.code() == ErrorCode.DEADLINE_EXCEEDED;
            Duration failing = now.minus(failingSince);
            if (failures >= addressCount() && failing.compareTo(patience()) > 0) {
                throw refusal != null ? refusal : unreachable(error);
            }
            if (error.code() == ErrorCode.DEADLINE_EXCEEDED) {
                Duration longer = deadline.multipliedBy(2);
                Duration longest = limits.longestAnswer();
                deadline = longer.compareTo(longest) > 0 ? longest : longer;
            }
            if (!said && answered && failing.compareTo(UNSAID) > 0) {
                said = true;
                messages.accept(
                        "The connection to the farm is lost; trying again for "
                                + PATIENCE.toMinutes()
                                + " minutes.");
            }
            ServerAddress named = leaderIn(error);
            leave(used, named);
            if (named != null && !redirected) {
                redirected = true;
                return;
            }
            ports.timers().pause(jittered(pause));
            pause = pause.multipliedBy(2);
            pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        }

        private Duration patience() {
            Duration patience = FIRST_PATIENCE;
            if (answered) {
                patience = PATIENCE;
            } else if (refusal != null) {
                patience = ELECTION_PATIENCE;
            } else if (silent) {
                patience = limits.patience();
            }
            return patience.compareTo(atMost) > 0 ? atMost : patience;
        }
    }

    private synchronized int addressCount() {
        return servers.size();
    }

    /// Between half of it and all: clients that lost the same coordinator come back one by one.
    private Duration jittered(Duration pause) {
        long random = Long.parseLong(ports.ids().fresh().substring(0, 8), 16);
        return pause.dividedBy(2).plus(pause.multipliedBy(random).dividedBy(1L << 33));
    }

    private static @Nullable ServerAddress leaderIn(SlipwayException error) {
        String address = error.details().get(SlipwayException.LEADER);
        return error.code() == ErrorCode.NOT_LEADER && address != null
                ? ServerAddress.parseAll(address).getFirst()
                : null;
    }

    private static boolean isWorthRepeating(ErrorCode code) {
        return switch (code) {
            case FARM_UNREACHABLE, NOT_LEADER, OVERLOADED, DEADLINE_EXCEEDED -> true;
            default -> false;
        };
    }

    private synchronized SlipwayException unreachable(SlipwayException last) {
        if (last.code() != ErrorCode.FARM_UNREACHABLE
                && last.code() != ErrorCode.DEADLINE_EXCEEDED) {
            return last;
        }
        String where = String.join(", ", servers.stream().map(ServerAddress::toString).toList());
        return new SlipwayException(
                ErrorCode.FARM_UNREACHABLE,
                "cannot reach the farm at "
                        + where
                        + " ("
                        + last.getMessage()
                        + "). Is a coordinator running there? Check --server or SLIPWAY_SERVER.",
                last);
    }
}
