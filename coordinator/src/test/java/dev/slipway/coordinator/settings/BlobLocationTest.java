package dev.slipway.coordinator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class BlobLocationTest {
    private static final Path HOME = Path.of("/data/blobs");

    @Test
    void directoryOfTheOwnDataIsNotShared() {
        assertThat(BlobLocation.parse("/data/../data/blobs", HOME))
                .isEqualTo(new BlobLocation.Directory(Path.of("/data/../data/blobs"), false));
        assertThat(BlobLocation.parse("/srv/blobs", HOME))
                .isEqualTo(new BlobLocation.Directory(Path.of("/srv/blobs"), true));
    }

    @Test
    void bucketHasParameters() {
        var location =
                BlobLocation.parse(
                        "s3://farm/ci/blobs/?endpoint=https%3A%2F%2Fminio:9000&region=eu-1"
                                + "&path-style=false",
                        HOME);

        assertThat(location)
                .isEqualTo(
                        new BlobLocation.S3(
                                "farm",
                                "ci/blobs",
                                Optional.of(URI.create("https://minio:9000")),
                                Optional.of("eu-1"),
                                false));
        assertThat(BlobLocation.parse(location.toString(), HOME)).isEqualTo(location);
    }

    @Test
    void bucketIsInThePathWhenAnEndpointIsGiven() {
        assertThat(((BlobLocation.S3) BlobLocation.parse("s3://farm", HOME)).pathStyle()).isFalse();
        assertThat(
                        ((BlobLocation.S3)
                                        BlobLocation.parse("s3://farm?endpoint=http://host", HOME))
                                .pathStyle())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:farm",
                "s3://",
                "s3:///farm",
                "s3://KEY:hush@farm/blobs",
                "s3://farm?hush=1",
                "s3://farm?region",
                "s3://farm?region=a&region=hush",
                "s3://farm?region=HUSH%20",
                "s3://farm?path-style=hush",
                "s3://farm?endpoint=hush",
                "s3://farm?endpoint=http://KEY:hush@host",
                "s3://farm/a/../hush",
                "s3://farm/a//hush",
                "s3://farm/a b hush",
                "gs://hush"
            })
    void otherFormsAreRefusedAndNotRepeated(String text) {
        assertThatThrownBy(
                        () ->
                                CoordinatorSettings.read(
                                        Map.of("data", "/data", "blobs", text), Map.of(), Map.of()))
                .hasMessageContaining("blobs: the value is ")
                .message()
                .doesNotContainIgnoringCase("hush");
    }

    @Test
    void credentialsNeedABucket() {
        assertThatThrownBy(
                        () ->
                                CoordinatorSettings.read(
                                        Map.of("data", "/data", "blobs-credentials", "/secrets"),
                                        Map.of(),
                                        Map.of()))
                .hasMessageContaining("blobs-credentials: means nothing");
    }

    @Test
    void locationIsPrintedAndCredentialsAreNot() {
        var settings =
                CoordinatorSettings.read(
                        Map.of(
                                "data",
                                "/data",
                                "blobs",
                                "s3://farm/ci?region=eu-1",
                                "blobs-credentials",
                                "/secrets"),
                        Map.of(),
                        Map.of());

        assertThat(settings.effective())
                .containsEntry("blobs", "s3://farm/ci?region=eu-1&path-style=false")
                .containsEntry("blobs-credentials", "/secrets (content hidden)");
    }
}
