package dev.slipway.agent.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BracesTest {
    @Test
    void alternativesAreTakenInOrder() {
        assertThat(Braces.expand("{linux,mac}-*")).containsExactly("linux-*", "mac-*");
        assertThat(Braces.expand("a{b,c}{d,}")).containsExactly("abd", "ab", "acd", "ac");
        assertThat(Braces.expand("{a,b{c,d}}")).containsExactly("a", "bc", "bd");
    }

    @Test
    void bracesWithoutAlternativesStandForThemselves() {
        assertThat(Braces.expand("plain*")).containsExactly("plain*");
        assertThat(Braces.expand("{one}")).containsExactly("{one}");
        assertThat(Braces.expand("{a,b")).containsExactly("{a,b");
        assertThat(Braces.expand("{one}{a,b}")).containsExactly("{one}a", "{one}b");
    }

    @Test
    void patternThatExplodesIsRefused() {
        assertThatThrownBy(() -> Braces.expand("{a,b}".repeat(12)))
                .isInstanceOf(ActionFailure.class);
    }
}
