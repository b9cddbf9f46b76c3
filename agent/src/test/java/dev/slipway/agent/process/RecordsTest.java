package dev.slipway.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

class RecordsTest {
    private static final String BOOT = "01234567-89ab-cdef-0123-456789abcdef";

    @Test
    void intentSurvivesAnyPath() throws IOException {
        var intent =
                new Intent(
                        BOOT,
                        Instant.parse("2026-01-02T03:04:05.678Z"),
                        "job",
                        "job/step",
                        Path.of("/a b\nc\\nd\\/lease"),
                        Optional.of(Path.of("/sys/fs/cgroup/x")),
                        Duration.ofMillis(2_500),
                        Optional.of(new Intent.InContainer("c0ffee", "exec 1")));

        assertThat(Intent.parse(intent.render())).isEqualTo(intent);
    }

    @Test
    void tornIntentIsRefused() {
        var intent =
                new Intent(
                        BOOT,
                        Instant.EPOCH,
                        "job",
                        "step",
                        Path.of("/lease"),
                        Optional.empty(),
                        Duration.ZERO,
                        Optional.empty());
        String text = intent.render();

        for (int length = 0; length < text.length(); length++) {
            String torn = text.substring(0, length);
            assertThatThrownBy(() -> Intent.parse(torn))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("torn");
        }
    }

    @Test
    void exitRecordsAreRead() {
        assertThat(ExitRecord.parse("slipway-exit 1 exited 0\n"))
                .isEqualTo(new ExitRecord.Ended(0));
        assertThat(ExitRecord.parse("slipway-exit 1 exited 255\n"))
                .isEqualTo(new ExitRecord.Ended(255));
        assertThat(ExitRecord.parse("slipway-exit 1 lease-lost\n"))
                .isEqualTo(new ExitRecord.LeaseLost());
        assertThat(ExitRecord.parse(ExitRecord.notStarted("a\nb")))
                .isEqualTo(new ExitRecord.NotStarted("a b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "0\n",
                "slipway-exit 1 exited 0",
                "slipway-exit 1 exited \n",
                "slipway-exit 1 exited 256\n",
                "slipway-exit 1 exited 0\n\n",
                "slipway-exit 2 exited 0\n",
                "\0\0\0\0\0\0\0\0"
            })
    void anythingElseIsTorn(String content) {
        assertThat(ExitRecord.parse(content)).isEqualTo(new ExitRecord.Torn(content));
    }

    @Test
    void outputEndsAreRead() {
        assertThat(OutputEnd.parse("12 end\n"))
                .contains(new OutputEnd(OptionalLong.of(12), Optional.empty()));
        assertThat(OutputEnd.parse("12 closed\n"))
                .contains(new OutputEnd(OptionalLong.of(12), Optional.empty()));
        assertThat(OutputEnd.parse("? lost no space\n"))
                .contains(new OutputEnd(OptionalLong.empty(), Optional.of("no space")));
        assertThat(OutputEnd.parse("12 end")).isEmpty();
        assertThat(OutputEnd.parse("")).isEmpty();
    }

    @Test
    void identitiesAreReadOnlyWhenComplete() {
        assertThat(ProcessIdentity.parse(BOOT + " 12 345\n"))
                .contains(new ProcessIdentity(BOOT, 12, 345));
        assertThat(ProcessIdentity.parse(BOOT + " 12 345")).isEmpty();
        assertThat(ProcessIdentity.parse(BOOT + " 12\n")).isEmpty();
        assertThat(ProcessIdentity.parse("")).isEmpty();
    }
}
