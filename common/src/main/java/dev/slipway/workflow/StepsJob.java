package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// A job whose steps run on an agent.
///
/// Unless said otherwise, expressions may use {@link Vocabularies#JOB}.
///
/// @param header the keys that every job has
/// @param runsOn a label, a list of labels, or a mapping with `group` and `labels`
/// @param environment where it deploys to
/// @param outputs a mapping ({@link Vocabularies#JOB_OUTPUTS})
/// @param env a mapping ({@link Vocabularies#JOB_ENV})
/// @param defaults `defaults.run`
/// @param container an image, or a mapping with `image` and more
/// @param services a mapping of service id to the same mapping plus `entrypoint` and `command`
/// @param timeoutMinutes a number; 360 when absent
/// @param cancelTimeoutMinutes a number; 5 when absent
/// @param continueOnError a boolean; false when absent
/// @param snapshot the custom image to make, a string or a mapping
/// @param steps what runs, in order
public record StepsJob(
        Header header,
        Computed runsOn,
        Optional<EnvironmentSpec> environment,
        Computed outputs,
        Computed env,
        Defaults defaults,
        Optional<Computed> container,
        Optional<Computed> services,
        Optional<Computed> timeoutMinutes,
        Optional<Computed> cancelTimeoutMinutes,
        Optional<Computed> continueOnError,
        Optional<Computed> snapshot,
        List<Step> steps)
        implements Job {

    public StepsJob {
        steps = List.copyOf(steps);
    }
}
