package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.coordinator.storage.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class BlobCheckIT {
    private static final BlobRef BLOB = Sha256.blob("hello".getBytes(UTF_8));

    @TempDir Path folder;
    private final List<Problem> problems = new ArrayList<>();

    @Test
    void blobsOfAllVersionsAreReadAndWhatIsNotedBesideThemIsNot() throws Exception {
        BlobRef other = Sha256.blob("other".getBytes(UTF_8));
        write(Names.prefix(BLOB.sha256()), "hello");
        write(Names.doomed(Names.prefix(BLOB.sha256()), 7), "");
        write(Names.generation(other.sha256(), "12ab"), "other");
        write(Names.PINS + "12ab", BLOB.sha256());
        write(Names.epoch(7), "");
        write(Names.PARTIAL + BLOB.sha256() + "-5", "he");

        BlobCheck check = check();
        check.require(BLOB, "a test");
        check.require(other, "a test");

        assertThat(problems).isEmpty();
        assertThat(check.blobs()).isEqualTo(2);
        assertThat(check.bytes()).isEqualTo(10);
    }

    @Test
    void damagedGenerationIsNamedAndAnIntactOneServes() throws Exception {
        Path damaged = write(Names.generation(BLOB.sha256(), "aa"), "hullo, hullo");
        write(Names.generation(BLOB.sha256(), "bb"), "hello");

        check().require(BLOB, "a test");

        assertThat(problems).extracting(Problem::where).containsExactly(damaged.toString());
    }

    @Test
    void whatHasNoBlobsNameOrIsInAnotherFolderIsNamed() throws Exception {
        Path foreign = write("notes.txt", "x");
        Path misplaced = write("zz/" + BLOB.sha256(), "hello");
        Path astray = write("00/00/" + BLOB.sha256(), "hello");

        check().require(BLOB, "a test");

        assertThat(problems)
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(
                        foreign.toString(),
                        misplaced.toString(),
                        astray.toString(),
                        folder.resolve(Names.prefix(BLOB.sha256())).toString());
    }

    private BlobCheck check() {
        var check = new BlobCheck(folder, problems::add);
        check.run();
        return check;
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
