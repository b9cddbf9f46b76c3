package quickstart;

import java.util.Locale;

/** Tests without a framework, so that the example needs nothing but a JDK. */
final class SlugTest {
    private static int failures;

    private SlugTest() {}

    public static void main(String[] arguments) {
        expect("wordsAreJoinedByHyphens", "hello-world", Slug.of("Hello, World!"));
        expect("accentsAreDropped", "creme-brulee", Slug.of("Crème brûlée"));
        expect("runsOfSymbolsAreOneHyphen", "a-b", Slug.of("a -- & -- b"));
        expect("edgesHaveNoHyphen", "title", Slug.of("  (Title)  "));
        expect("digitsStay", "top-10-of-2026", Slug.of("Top 10 of 2026"));
        expect("languageDoesNotMatter", "istanbul", Slug.of("ISTANBUL"));
        expect("nothingGivesNothing", "", Slug.of("!?"));

        System.out.println(
                "language " + Locale.getDefault().getLanguage() + ": " + failures + " failures");
        if (failures > 0) {
            System.exit(1);
        }
    }

    private static void expect(String rule, String expected, String actual) {
        if (expected.equals(actual)) {
            System.out.println("ok    " + rule);
        } else {
            failures++;
            System.out.println(
                    "::error::" + rule + ": expected \"" + expected + "\", was \"" + actual + "\"");
        }
    }
}
