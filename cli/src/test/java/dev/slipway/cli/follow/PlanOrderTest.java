package dev.slipway.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.Status;

import org.junit.jupiter.api.Test;

import java.util.List;

class PlanOrderTest {
    private static Job job(int ordinal, String key) {
        return Sample.job(ordinal, key, Status.WAITING, null);
    }

    @Test
    void legsStandTogetherWhereTheirJobStood() {
        var jobs =
                List.of(
                        job(1, "build"),
                        job(2, "test.0"),
                        job(3, "package"),
                        job(4, "test.1"),
                        job(5, "test.2"));

        assertThat(PlanOrder.of(jobs))
                .extracting(Job::key)
                .containsExactly("build", "test.0", "test.1", "test.2", "package");
    }

    @Test
    void calledJobsStandForTheirCall() {
        var jobs = List.of(job(1, "call"), job(2, "last"), job(3, "call.b"), job(4, "call.a"));

        assertThat(PlanOrder.of(jobs))
                .extracting(Job::key)
                .containsExactly("call.b", "call.a", "last");
    }
}
