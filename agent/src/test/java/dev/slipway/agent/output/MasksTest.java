package dev.slipway.agent.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Random;

class MasksTest {
    private final Masks masks = new Masks();

    @Test
    void everyOccurrenceIsMasked() {
        masks.add("s3cret!");

        assertThat(masks.apply("a s3cret! b s3cret!")).isEqualTo("a *** b ***");
        assertThat(masks.apply("s3cre")).isEqualTo("s3cre");
        assertThat(masks.matches("xs3cret!x")).isTrue();
    }

    @Test
    void overlappingAndTouchingSecretsBecomeOneMask() {
        masks.add("abcd");
        masks.add("cdef");
        masks.add("ghij");

        assertThat(masks.apply("-abcdef-abcdghij-")).isEqualTo("-***-***-");
    }

    @Test
    void longerSecretWinsOverItsPrefix() {
        masks.add("pass");
        masks.add("password");

        assertThat(masks.apply("password passport")).isEqualTo("*** ***port");
    }

    @Test
    void linesOfASecretAreMaskedEach() {
        masks.add("-----BEGIN KEY-----\r\n  first line\nsecond line\n{\n-----END KEY-----\n");

        assertThat(masks.apply("second line, first line {")).isEqualTo("***, *** {");
        assertThat(masks.apply("-----END KEY-----")).isEqualTo("***");
    }

    @Test
    void encodedFormsAreMasked() {
        String secret = "p@ss \"w/rd'&<größe>";
        masks.add(secret);
        var forms = new ArrayList<String>();
        forms.add(java.net.URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.add("p%40ss%20%22w%2Frd%27%26%3Cgr%C3%B6%C3%9Fe%3E");
        forms.add("p@ss \\\"w/rd'&<größe>");
        forms.add("p@ss \\\"w\\/rd'&<größe>");
        forms.add("p@ss \\\"w/rd'&<gr\\u00f6\\u00dfe>");
        forms.add("p@ss &quot;w/rd&apos;&amp;&lt;größe&gt;");
        forms.add("p@ss \"w/rd''&<größe>");
        forms.add("p@ss \"w/rd'\\''&<größe>");

        for (String form : forms) {
            assertThat(masks.apply("[" + form + "]")).as(form).isEqualTo("[***]");
        }
    }

    @Test
    void base64IsMaskedAtEveryAlignment() {
        masks.add("a-long-enough-token");
        for (String prefix : new String[] {"", "x", "xy", "xyz", "x-access-token:"}) {
            for (String suffix : new String[] {"", "1", "12"}) {
                byte[] bytes =
                        (prefix + "a-long-enough-token" + suffix).getBytes(StandardCharsets.UTF_8);
                String encoded = Base64.getEncoder().encodeToString(bytes);

                String masked = masks.apply(encoded);

                assertThat(masked).as(encoded).contains("***");
                assertThat(masked.replace("***", "")).hasSizeLessThan(encoded.length() - 18);
            }
        }
    }

    @Test
    void blankIsNoSecret() {
        masks.add("");
        masks.add(" \n");

        assertThat(masks.isEmpty()).isTrue();
        assertThat(masks.apply("a b")).isEqualTo("a b");
    }

    @Test
    void manySecretsAreFoundAsByPlainSearch() {
        for (long seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            var patterns = new ArrayList<byte[]>();
            for (int i = 1 + random.nextInt(12); i > 0; i--) {
                patterns.add(randomBytes(random, 1 + random.nextInt(5)));
            }
            byte[] text = randomBytes(random, 60);
            var spans = new Spans();

            ByteSearch.of(patterns).find(text, 0, text.length, spans);
            spans.merge();

            assertThat(covered(spans, text.length))
                    .as("seed %d", seed)
                    .isEqualTo(coveredByPlainSearch(patterns, text));
        }
    }

    @Test
    void thousandsOfSecretsWork() {
        for (int i = 0; i < 3000; i++) {
            masks.add("secret-number-" + i + "-");
        }

        assertThat(masks.apply("secret-number-2999- secret-number-17- secret-number-x"))
                .isEqualTo("*** *** secret-number-x");
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(3));
        }
        return bytes;
    }

    private static String covered(Spans spans, int length) {
        var marks = new StringBuilder(".".repeat(length));
        for (int i = 0; i < spans.size(); i++) {
            marks.replace(spans.from(i), spans.to(i), "#".repeat(spans.to(i) - spans.from(i)));
        }
        return marks.toString();
    }

    private static String coveredByPlainSearch(Iterable<byte[]> patterns, byte[] text) {
        var marks = new StringBuilder(".".repeat(text.length));
        String haystack = new String(text, StandardCharsets.US_ASCII);
        for (byte[] pattern : patterns) {
            String needle = new String(pattern, StandardCharsets.US_ASCII);
            for (int at = haystack.indexOf(needle);
                    at >= 0;
                    at = haystack.indexOf(needle, at + 1)) {
                marks.replace(at, at + needle.length(), "#".repeat(needle.length()));
            }
        }
        return marks.toString();
    }
}
