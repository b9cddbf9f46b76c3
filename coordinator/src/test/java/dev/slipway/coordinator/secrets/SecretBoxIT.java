package dev.slipway.coordinator.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class SecretBoxIT {
    @TempDir Path folder;

    @Test
    void sealedSecretsOpenAgainAfterARestart() {
        Path key = folder.resolve("keys/farm.keyset");
        byte[] sealed = SecretBox.open(key).seal("a", Map.of("TOKEN", "s3cr3t", "B", ""));

        assertThat(SecretBox.open(key).open("a", sealed))
                .isEqualTo(Map.of("TOKEN", "s3cr3t", "B", ""));
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain("s3cr3t", "TOKEN");
    }

    @Test
    void keyFileIsForItsOwnerOnly() throws Exception {
        Path key = folder.resolve("farm.keyset");
        SecretBox.open(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> SecretBox.open(key))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void secretsOfOneRunDoNotOpenForAnother() {
        var box = SecretBox.open(folder.resolve("farm.keyset"));
        byte[] sealed = box.seal("a", Map.of("TOKEN", "s3cr3t"));

        assertThatThrownBy(() -> box.open("b", sealed))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("--key-file");
    }

    @Test
    void damagedKeyFileIsNamed() throws Exception {
        Path key = folder.resolve("farm.keyset");
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "{}");

        assertThatThrownBy(() -> SecretBox.open(key))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining(key.toString());
    }
}
