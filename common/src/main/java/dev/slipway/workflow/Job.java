package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// One entry of `jobs`: steps on an agent, or a call of another workflow.
public sealed interface Job permits StepsJob, CallJob {

    /// What both kinds have.
    Header header();

    /// The key under `jobs`, as written.
    default String id() {
        return header().id();
    }

    /// Where the key is.
    default Position position() {
        return header().position();
    }

    /// The `name` key ({@link Vocabularies#JOB}).
    default Optional<Computed> name() {
        return header().name();
    }

    /// The jobs that must be done before, in file order; each names an existing job.
    default List<Located<String>> needs() {
        return header().needs();
    }

    /// The `if` key ({@link Vocabularies#JOB_IF}); `success()` when absent.
    default Guard condition() {
        return header().condition();
    }

    /// The `strategy` key.
    default Optional<Strategy> strategy() {
        return header().strategy();
    }

    /// The `permissions` key.
    default Permissions permissions() {
        return header().permissions();
    }

    /// The `concurrency` key: string or mapping ({@link Vocabularies#JOB}).
    default Optional<Computed> concurrency() {
        return header().concurrency();
    }

    /// The `cache-mode` key.
    default Optional<CacheMode> cacheMode() {
        return header().cacheMode();
    }

    /// The keys that both kinds of job have; read them through {@link Job}.
    record Header(
            String id,
            Optional<Computed> name,
            List<Located<String>> needs,
            Guard condition,
            Optional<Strategy> strategy,
            Permissions permissions,
            Optional<Computed> concurrency,
            Optional<CacheMode> cacheMode,
            Position position) {

        public Header {
            needs = List.copyOf(needs);
        }
    }
}
