package dev.slipway.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this program, written into its jar by the build.
public final class Version {
    private Version() {}

    public static String current() {
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            if (file == null) {
                return "unknown";
            }
            var properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "unknown");
        } catch (IOException damaged) {
            throw new UncheckedIOException("the program's own jar cannot be read", damaged);
        }
    }
}
