package dev.slipway.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @Test
    void listsAreReadInOrder() {
        assertThat(ServerAddress.parseAll("a:1, b ,[::1]:7,::1"))
                .extracting(ServerAddress::toString)
                .containsExactly("a:1", "b:7433", "[::1]:7", "[::1]:7433");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a:0", "a:99999", "a:b", ":1", "http://a:1"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ServerAddress.parseAll(text))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("HOST:PORT");
    }
}
