package dev.slipway.coordinator.model;

/// The promises of the farm, by name (blueprint §9): one list for property tests, simulations and
/// end-to-end tests. {@link Invariants} keeps those that events and state show, {@link Witness}
/// those that only somebody outside can see.
public enum Invariant {
    NO_JOB_LOST("NoJobLost", "every job that was queued ends, or is still known"),
    ATTEMPTS_NEVER_OVERLAP(
            "AttemptsNeverOverlap", "of one job at most one attempt runs at any time"),
    ONE_LIVE_LEASE_PER_JOB("OneLiveLeasePerJob", "a job has at most one lease that has not ended"),
    FINISHED_IS_FINAL(
            "FinishedIsFinal",
            "what has finished never changes its conclusion, except through a recorded rerun"),
    ACKNOWLEDGED_IS_DURABLE(
            "AcknowledgedIsDurable", "what anybody was told is there after any failure"),
    LOG_OFFSET_NEVER_GOES_BACK("LogOffsetNeverGoesBack", "acknowledged log offsets only rise"),
    LOG_COMPLETE_AT_FINISH(
            "LogCompleteAtFinish",
            "a finished attempt's log has every line once and in order, or says what is missing"),
    EPOCH_NEVER_GOES_BACK(
            "EpochNeverGoesBack", "neither the journal nor an agent follows a lower epoch"),
    REPLAY_EQUALS_LIVE("ReplayEqualsLive", "replaying the journal gives the state that was live"),
    CANCEL_IS_HONOURED(
            "CancelIsHonoured", "after an accepted cancel nothing new starts, and the run ends"),
    SECRET_NEVER_STORED_IN_CLEAR(
            "SecretNeverStoredInClear",
            "no secret's value is found in the data, journal, logs or agents' folders"),
    QUEUE_NEVER_STARVES(
            "QueueNeverStarves", "a queued job does not wait while an agent that fits is free"),

    // What the above rest on.

    STEP_STARTS_ONCE("StepStartsOnce", "the process of a step starts once, ever"),
    TIME_NEVER_GOES_BACK("TimeNeverGoesBack", "events are in the order of their times"),
    ATTEMPTS_COUNT("AttemptsCount", "attempts of a job are numbered without holes"),
    RETRY_HAS_A_CAUSE(
            "RetryHasACause",
            "a further attempt has a recorded infrastructure cause, a rerun or deployments in"
                    + " flight"),
    NO_ATTEMPT_LEFT_OPEN("NoAttemptLeftOpen", "a finished job has no unfinished attempt"),
    ONE_HOLDER_PER_GROUP("OneHolderPerGroup", "a concurrency group has at most one holder"),
    DEPLOYMENTS_COUNT(
            "DeploymentsCount", "deployments of an environment are numbered without holes"),
    DEPLOYMENT_ENDS_ONCE(
            "DeploymentEndsOnce",
            "a deployment's phases only go forward, and it ends once, before its run does");

    private final String title;
    private final String meaning;

    Invariant(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /// What it promises, in a sentence.
    public String meaning() {
        return meaning;
    }

    /// Its name in the documentation.
    @Override
    public String toString() {
        return title;
    }

    /// @param detail what was seen
    public Broken broken(String detail) {
        return new Broken(this, detail);
    }

    /// @throws Broken unless it holds
    public void require(boolean holds, String detail) {
        if (!holds) {
            throw broken(detail);
        }
    }

    /// A promise that was broken.
    public static final class Broken extends IllegalStateException {
        private static final long serialVersionUID = 2L;

        private final Invariant invariant;

        private Broken(Invariant invariant, String detail) {
            super("%s: %s (promised: %s)".formatted(invariant, detail, invariant.meaning));
            this.invariant = invariant;
        }

        public Invariant invariant() {
            return invariant;
        }
    }
}
