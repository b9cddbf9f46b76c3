package dev.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// What a released version put on the wire, or stored, means the same for ever.
///
/// A golden line is `TYPE HEX TEXT`. Files are added at a release (see {@link SampleMessages}) and
/// never edited.
class GoldenMessagesTest {
    @ParameterizedTest
    @ValueSource(strings = "0.1.0")
    void messagesOfAReleaseMeanWhatTheyMeant(String version) throws IOException {
        List<String> golden = golden(version);

        List<String> today = new ArrayList<>();
        for (String line : golden) {
            today.add(reread(line));
        }

        assertThat(golden).isNotEmpty();
        assertThat(today).isEqualTo(golden);
    }

    /// The line with the text that its bytes have today; what today does not know prints as a
    /// number, what changed its type does not parse.
    private static String reread(String line) throws InvalidProtocolBufferException {
        String[] words = line.split(" ", 3);
        Descriptor type = SampleMessages.types().get(words[0]);
        if (type == null) {
            return words[0] + " is gone";
        }
        byte[] bytes = HexFormat.of().parseHex(words[1]);
        return words[0]
                + " "
                + words[1]
                + " "
                + SampleMessages.text(DynamicMessage.parseFrom(type, bytes));
    }

    private static List<String> golden(String version) throws IOException {
        try (InputStream file =
                GoldenMessagesTest.class.getResourceAsStream(
                        "golden-messages-" + version + ".txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8).lines().toList();
        }
    }
}
