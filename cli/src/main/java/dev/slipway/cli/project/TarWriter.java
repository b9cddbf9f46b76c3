package dev.slipway.cli.project;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes a POSIX tar archive (ustar; pax headers for what ustar cannot say). Everything that
/// differs between two machines is left out (owners, times), so that equal trees give equal bytes.
final class TarWriter {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final long LARGEST_USTAR_SIZE = 077777777777L;

    /// 2000-01-01: no real time, but one that zip files and build tools can hold.
    private static final long MODIFIED = 946_684_800L;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /// Begins a regular file; exactly `size` bytes must be written to the stream next, followed by
    /// {@link #endFile}.
    void beginFile(String path, int mode, long size) throws IOException {
        header(path, "", '0', mode, size);
    }

    void endFile(long size) throws IOException {
        pad(size);
    }

    void folder(String path, int mode) throws IOException {
        header(path + "/", "", '5', mode, 0);
    }

    void symlink(String path, String target) throws IOException {
        header(path, target, '2', 0777, 0);
    }

    /// Ends the archive; the stream stays open.
    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private void header(String path, String link, char type, int mode, long size)
            throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] target = link.getBytes(StandardCharsets.UTF_8);
        var pax = new ByteArrayOutputStream();
        if (needsPax(name)) {
            paxRecord(pax, "path", name);
        }
        if (needsPax(target)) {
            paxRecord(pax, "linkpath", target);
        }
        if (size > LARGEST_USTAR_SIZE) {
            paxRecord(pax, "size", Long.toString(size).getBytes(StandardCharsets.US_ASCII));
        }
        if (pax.size() > 0) {
            block(
                    "././@PaxHeader".getBytes(StandardCharsets.US_ASCII),
                    new byte[0],
                    'x',
                    0644,
                    pax.size());
            pax.writeTo(out);
            pad(pax.size());
        }
        block(name, target, type, mode, Math.min(size, LARGEST_USTAR_SIZE));
    }

    private static boolean needsPax(byte[] text) {
        if (text.length > NAME_LENGTH) {
            return true;
        }
        for (byte one : text) {
            if (one < 0) {
                return true;
            }
        }
        return false;
    }

    /// `LENGTH key=value\n`, where LENGTH counts itself.
    private static void paxRecord(ByteArrayOutputStream to, String key, byte[] value)
            throws IOException {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length++;
        }
        to.write((length + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
        to.write(value);
        to.write('\n');
    }

    private void block(byte[] name, byte[] link, char type, int mode, long size)
            throws IOException {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME_LENGTH));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, MODIFIED);
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        System.arraycopy(link, 0, block, 157, Math.min(link.length, NAME_LENGTH));
        System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 8);
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    /// A number in octal digits with a NUL at the end.
    private static void octal(byte[] block, int at, int length, long value) {
        long left = value;
        for (int i = length - 2; i >= 0; i--) {
            block[at + i] = (byte) ('0' + (left & 7));
            left >>>= 3;
        }
        block[at + length - 1] = 0;
    }

    private void pad(long size) throws IOException {
        int over = (int) (size % BLOCK);
        if (over > 0) {
            out.write(new byte[BLOCK - over]);
        }
    }
}
