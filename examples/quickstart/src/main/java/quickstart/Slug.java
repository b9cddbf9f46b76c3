package quickstart;

import java.text.Normalizer;
import java.util.Locale;

/** Turns a title into the part of an address: "Crème brûlée!" becomes "creme-brulee". */
public final class Slug {
    private Slug() {}

    /** Prints the slug of all arguments together. */
    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.err.println("usage: java -jar slugs.jar TITLE...");
            System.exit(2);
        }
        System.out.println(of(String.join(" ", arguments)));
    }

    /** Returns lower case letters and digits, with single hyphens between words. */
    public static String of(String title) {
        String plain = Normalizer.normalize(title, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        return plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
