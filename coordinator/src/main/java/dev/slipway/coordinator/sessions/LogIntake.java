package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;

import java.util.List;

/// One agent's log stream: checks who sends, hands chunks to the store, acknowledges what is
/// durable, and lets more come only as fast as that goes.
public final class LogIntake {
    private static final int WINDOW_BYTES = 4 << 20;
    private static final int FIRST_CHUNKS = 16;

    private final LogStore logs;
    private final Grants grants;
    private final Authority authority;
    private final String farmId;
    private final LogLink link;
    private final RestoredLogs restored;
    private long outstanding;
    private int owed;
    private boolean over;

    LogIntake(
            LogStore logs,
            Grants grants,
            Authority authority,
            String farmId,
            LogLink link,
            RestoredLogs restored) {
        this.restored = restored;
        this.logs = logs;
        this.grants = grants;
        this.authority = authority;
        this.farmId = farmId;
        this.link = link;
    }

    /// Lets the first chunks come.
    void open() {
        link.request(FIRST_CHUNKS);
    }

    /// Takes a chunk; never blocks.
    public void received(SendLogRequest request) {
        int size = request.getSerializedSize();
        try {
            if (!authority.valid()) {
                throw Session.notLeader();
            }
            AttemptId attempt = Grants.attempt(request.getToken());
            if (!holds(request, attempt)) {
                link.send(
                        SendLogResponse.newBuilder()
                                .setAttempt(request.getToken().getAttempt())
                                .setStep(request.getStep())
                                .setRefusedReason(
                                        "attempt %s has ended or is not this agent's"
                                                .formatted(attempt))
                                .setStale(true)
                                .build());
                link.request(1);
                return;
            }
            begin(size);
            Chunk chunk = chunk(request, attempt);
            logs.append(
                    chunk,
                    restored.concerns(request.getToken())
                            ? new FillingHoles(chunk, size)
                            : new Answering(size));
        } catch (SlipwayException problem) {
            fail(problem);
        } catch (IllegalArgumentException problem) {
            fail(
                    new SlipwayException(
                            dev.slipway.error.ErrorCode.INVALID_ARGUMENT,
                            "A log chunk is senseless: " + problem.getMessage(),
                            problem));
        }
    }

    /// Tells the agent what became of its chunk.
    private class Answering implements LogStore.Listener {
        final int size;

        Answering(int size) {
            this.size = size;
        }

        @Override
        public void stored(Receipt receipt) {
            answer(receipt, size);
        }

        @Override
        public void failed(SlipwayException problem) {
            fail(problem);
        }
    }

    /// Fills the hole before a chunk that was refused for it, and stores the chunk then.
    private final class FillingHoles extends Answering {
        private final Chunk chunk;

        FillingHoles(Chunk chunk, int size) {
            super(size);
            this.chunk = chunk;
        }

        @Override
        public void stored(Receipt receipt) {
            List<Chunk> before = restored.before(chunk, receipt);
            if (before.isEmpty()) {
                answer(receipt, size);
                return;
            }
            try {
                before.forEach(filler -> logs.append(filler, new Unheard()));
                logs.append(chunk, new Answering(size));
            } catch (SlipwayException problem) {
                fail(problem);
            }
        }
    }

    /// What becomes of the chunks before shows in what becomes of the agent's own.
    private static final class Unheard implements LogStore.Listener {
        @Override
        public void stored(Receipt receipt) {
            // The chunk behind it is answered.
        }

        @Override
        public void failed(SlipwayException problem) {
            // The chunk behind it fails as well.
        }
    }

    private boolean holds(SendLogRequest request, AttemptId attempt) {
        return farmId.equals(request.getToken().getFarmId())
                && grants.of(attempt)
                        .filter(grant -> grant.agentId().equals(request.getAgentId()))
                        .filter(grant -> grant.epoch() == request.getToken().getEpoch())
                        .isPresent();
    }

    private static Chunk chunk(SendLogRequest request, AttemptId attempt) {
        return new Chunk(
                new StepKey(attempt, request.getStep()),
                request.getIndex(),
                request.getRawFrom(),
                request.getRawTo(),
                request.getData().asReadOnlyByteBuffer(),
                request.getCrc32C(),
                request.getPlainSize(),
                request.getLines(),
                request.getGapCause(),
                request.getLast());
    }

    private synchronized void begin(int size) {
        outstanding += size;
        if (outstanding < WINDOW_BYTES) {
            link.request(1);
        } else {
            owed++;
        }
    }

    private synchronized void answer(Receipt receipt, int size) {
        outstanding -= size;
        if (over) {
            return;
        }
        link.send(
                SendLogResponse.newBuilder()
                        .setAttempt(receipt.step().attempt().toString())
                        .setStep(receipt.step().step())
                        .setAcknowledgedTo(receipt.rawEnd())
                        .setNextIndex(receipt.nextIndex())
                        .setRefusedReason(receipt.refusal())
                        .build());
        if (owed > 0 && outstanding < WINDOW_BYTES) {
            link.request(owed);
            owed = 0;
        }
    }

    private synchronized void fail(SlipwayException problem) {
        if (!over) {
            over = true;
            link.end(problem);
        }
    }

    /// The stream is gone.
    public synchronized void closed() {
        over = true;
    }
}
