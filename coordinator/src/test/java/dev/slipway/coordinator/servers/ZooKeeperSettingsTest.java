package dev.slipway.coordinator.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.settings.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

class ZooKeeperSettingsTest {
    private static ZooKeeperSettings settings(int id, String servers) {
        return new ZooKeeperSettings(
                Path.of("data"),
                new Address("127.0.0.1", 0),
                id,
                ZooKeeperSettings.parseServers(servers));
    }

    @Test
    void serversAreReadByNumber() {
        assertThat(settings(2, "1=a:2888:3888; 2=[::1]:2:3 ;3=c:4:5").servers())
                .containsEntry(1, new ZooKeeperSettings.Peer("a", 2888, 3888))
                .containsEntry(2, new ZooKeeperSettings.Peer("[::1]", 2, 3))
                .hasSize(3);
        assertThat(settings(0, "").servers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1=a:2",
        "1, a:2:3",
        "1, 1=a:2:3;1=b:2:3",
        "1, 1=a:0:3",
        "1, 999=a:2:3",
        "4, 1=a:2:3;2=b:2:3;3=c:2:3",
        "0, 1=a:2:3",
        "1, ''",
        "1, 1=a:2:3;2=b:2:3"
    })
    void ensemblesThatCannotWorkAreRefused(int id, String servers) {
        assertThatThrownBy(() -> settings(id, servers))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
