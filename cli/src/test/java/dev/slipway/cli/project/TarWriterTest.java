package dev.slipway.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class TarWriterTest {
    @Test
    void headerHasNameModeSizeAndChecksum() throws IOException {
        var out = new ByteArrayOutputStream();
        var tar = new TarWriter(out);

        tar.beginFile("bin/run", 0755, 3);
        out.writeBytes("abc".getBytes(StandardCharsets.UTF_8));
        tar.endFile(3);
        tar.finish();

        byte[] bytes = out.toByteArray();
        assertThat(bytes).hasSize(4 * 512);
        assertThat(text(bytes, 0, 7)).isEqualTo("bin/run");
        assertThat(text(bytes, 100, 7)).isEqualTo("0000755");
        assertThat(text(bytes, 124, 11)).isEqualTo("00000000003");
        assertThat(text(bytes, 257, 5)).isEqualTo("ustar");
        assertThat(Integer.parseInt(text(bytes, 148, 6), 8)).isEqualTo(checksum(bytes));
    }

    @Test
    void longOrForeignNamesGetAPaxHeader() throws IOException {
        var out = new ByteArrayOutputStream();
        var tar = new TarWriter(out);
        String name = "ö/" + "x".repeat(200);

        tar.symlink(name, "target");

        byte[] bytes = out.toByteArray();
        assertThat((char) bytes[156]).isEqualTo('x');
        String record = text(bytes, 512, 512).replace("\0", "");
        int length = Integer.parseInt(record.substring(0, record.indexOf(' ')));
        assertThat(record).endsWith(" path=" + name + "\n");
        assertThat(record.getBytes(StandardCharsets.UTF_8)).hasSize(length);
        assertThat((char) bytes[1024 + 156]).isEqualTo('2');
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum;
    }
}
