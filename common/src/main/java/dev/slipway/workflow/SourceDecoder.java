package dev.slipway.workflow;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Turns the bytes of a file into text, or says why they are not the text of a workflow.
///
/// Refuses by size before it looks at the bytes, and at the first byte that text cannot have.
final class SourceDecoder {

    private SourceDecoder() {}

    static Optional<String> decode(byte[] bytes, YamlLimits limits, Problems problems) {
        if (bytes.length > limits.maxFileBytes()) {
            problems.error(Position.START, tooLarge(bytes.length, limits.maxFileBytes()));
            return Optional.empty();
        }
        int start = hasByteOrderMark(bytes) ? 3 : 0;
        ByteBuffer input = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharBuffer output = CharBuffer.allocate(bytes.length + 1);
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(input, output, true);
        output.flip();
        String text = output.toString();
        int control = firstControl(text);
        if (control >= 0) {
            problems.error(
                    placeOf(text, control),
                    String.format(
                            "the file is not text: it holds the control character 0x%02x; workflow"
                                    + " files are YAML in UTF-8",
                            (int) text.charAt(control)));
            return Optional.empty();
        }
        if (result.isError()) {
            problems.error(
                    placeOf(text, text.length()),
                    String.format(
                            "the file is not UTF-8 text: byte 0x%02x at offset %d cannot be read;"
                                    + " save it as UTF-8",
                            bytes[input.position()] & 0xff, input.position()));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    static String tooLarge(long size, int limit) {
        return "the file is "
                + readableSize(size)
                + "; the limit is "
                + readableSize(limit)
                + ". Is this the right file?";
    }

    private static boolean hasByteOrderMark(byte[] bytes) {
        return bytes.length >= 3
                && (bytes[0] & 0xff) == 0xef
                && (bytes[1] & 0xff) == 0xbb
                && (bytes[2] & 0xff) == 0xbf;
    }

    private static int firstControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) {
                return i;
            }
        }
        return -1;
    }

    private static Position placeOf(String text, int index) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < index; i++) {
            column++;
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            }
        }
        return new Position(line, column);
    }

    private static String readableSize(long bytes) {
        return bytes >= 1024 * 1024
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024.0))
                : bytes + " bytes";
    }
}
