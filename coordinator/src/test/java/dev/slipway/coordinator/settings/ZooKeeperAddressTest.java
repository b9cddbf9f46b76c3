package dev.slipway.coordinator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZooKeeperAddressTest {
    @Test
    void serversAndChrootAreReadAndSaidAgain() {
        var address = ZooKeeperAddress.parse("a:2181,[::1]:2182,c/slipway/farm-1");

        assertThat(address.hosts()).isEqualTo("a:2181,[::1]:2182,c:2181");
        assertThat(address.chroot()).isEqualTo("/slipway/farm-1");
        assertThat(address).hasToString("a:2181,[::1]:2182,c:2181/slipway/farm-1");
        assertThat(ZooKeeperAddress.parse(address.toString())).isEqualTo(address);
    }

    @Test
    void bookKeepersMetadataIsBelowTheChroot() {
        assertThat(ZooKeeperAddress.parse("a:1,b:2/farm").ledgersUri())
                .isEqualTo("zk+hierarchical://a:1;b:2/farm/ledgers");
        assertThat(ZooKeeperAddress.parse("a:1/").ledgersUri())
                .isEqualTo("zk+hierarchical://a:1/ledgers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a:0", "a:1,", "a:1/x//y", "a:1/x y", "a:99999", "::1:2181", "/farm"})
    void otherFormsAreRefused(String text) {
        assertThatThrownBy(() -> ZooKeeperAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
