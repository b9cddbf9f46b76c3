package dev.slipway.agent.runner;

import dev.slipway.agent.runner.StepControl.Stop;
import dev.slipway.expression.ExpressionException;

import java.time.Duration;

/// Makes the controls of steps: what stops them, and when.
final class StepControls {
    private StepControls() {}

    /// The control of a step inside of a composite action: it stops with the outer one, and when
    /// the job is cancelled unless its own condition says that it may go on.
    static StepControl of(StepSite site, StepControl outer) {
        var control = new StepControl();
        control.own(outer.listen(control::stop));
        watchCancel(site, control);
        return control;
    }

    /// The control of a step of the job.
    ///
    /// @param timeout how long it may still run; negative means without end
    static StepControl ofJobStep(StepSite site, Duration timeout) {
        var control = new StepControl();
        watchCancel(site, control);
        if (!timeout.isNegative()) {
            var timer = site.job().machine().timers().after(timeout, () -> late(site, control));
            control.own(timer::cancel);
        }
        return control;
    }

    private static void late(StepSite site, StepControl control) {
        site.job()
                .machine()
                .threads()
                .start(
                        "timeout " + site.job().spec().token().attempt(),
                        () -> control.stop(Stop.TIMED_OUT));
    }

    /// On a cancel the step's condition is judged anew, as if it had not started yet.
    private static void watchCancel(StepSite site, StepControl control) {
        control.own(
                site.job()
                        .cancel()
                        .listen(
                                level -> {
                                    if (level != CancelSignal.Level.CANCEL) {
                                        control.stop(Stop.KILLED);
                                    } else if (!mayGoOn(site)) {
                                        control.stop(Stop.CANCELLED);
                                    }
                                }));
    }

    private static boolean mayGoOn(StepSite site) {
        try {
            return site.header().condition().condition().evaluate(site.scopeIfCancelled());
        } catch (ExpressionException broken) {
            // It held when the step started; what cannot be judged any more is ended.
            return false;
        }
    }
}
