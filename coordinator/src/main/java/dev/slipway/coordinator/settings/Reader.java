package dev.slipway.coordinator.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds and checks values by name, collecting everything that is wrong.
final class Reader {
    final List<String> problems = new ArrayList<>();
    private final Map<String, String> flags;
    private final Map<String, String> environment;
    private final Map<String, String> file;

    Reader(Map<String, String> flags, Map<String, String> environment, Map<String, String> file) {
        this.flags = flags;
        this.environment = environment;
        this.file = file;
        String known = Stream.of(Key.values()).map(Key::flag).collect(Collectors.joining(", "));
        var names = Stream.of(Key.values()).map(Key::flag).toList();
        Stream.concat(flags.keySet().stream(), file.keySet().stream())
                .filter(name -> !names.contains(name))
                .sorted()
                .forEach(name -> problems.add(name + ": no such setting; there are: " + known));
        var variables = Stream.of(Key.values()).map(Key::variable).toList();
        environment.keySet().stream()
                .filter(name -> name.startsWith("SLIPWAY_COORDINATOR_"))
                .filter(name -> !variables.contains(name))
                .sorted()
                .forEach(name -> problems.add(name + ": no such setting; there are: " + known));
    }

    /// Whether somebody set it.
    boolean given(Key key) {
        return flags.containsKey(key.flag())
                || environment.containsKey(key.variable())
                || file.containsKey(key.flag());
    }

    String text(Key key) {
        if (key == Key.LEASE_TTL && !given(key) && given(Key.ZOOKEEPER)) {
            return ClusterSettings.LEASE_TTL;
        }
        String value = flags.get(key.flag());
        if (value == null) {
            value = environment.get(key.variable());
        }
        if (value == null) {
            value = file.get(key.flag());
        }
        return value == null ? key.standard() : value;
    }

    Path path(Key key) {
        if (text(key).isEmpty()) {
            problems.add("%s: must be given. %s".formatted(key.flag(), key.about()));
            return Path.of("not-given");
        }
        return parse(key, Path::of, Path.of("not-given"));
    }

    /// Beside the data directory, so that copying or deleting that directory leaves the keys out.
    Path keyFile(Path data) {
        if (!text(Key.KEY_FILE).isEmpty()) {
            return parse(Key.KEY_FILE, Path::of, data);
        }
        Path absolute = data.toAbsolutePath().normalize();
        Path name = absolute.getFileName();
        return name == null ? absolute : absolute.resolveSibling(name + ".keyset");
    }

    ZooKeeperAddress zooKeeper(Key key) {
        return parse(
                key,
                ZooKeeperAddress::parse,
                new ZooKeeperAddress(List.of(new Address("127.0.0.1", 2181)), ""));
    }

    /// Its problems never repeat the text, which may have a secret in it.
    BlobLocation blobs(Path data) {
        Path home = data.resolve("blobs");
        String text = text(Key.BLOBS);
        if (text.isEmpty()) {
            return new BlobLocation.Directory(home, false);
        }
        try {
            return BlobLocation.parse(text, home);
        } catch (IllegalArgumentException wrong) {
            problems.add(Key.BLOBS.flag() + ": the value is " + wrong.getMessage());
            return new BlobLocation.Directory(home, false);
        }
    }

    Optional<Path> optionalPath(Key key) {
        return text(key).isEmpty()
                ? Optional.empty()
                : Optional.of(parse(key, Path::of, Path.of("not-given")));
    }

    Address address(Key key) {
        return parse(key, Address::parse, new Address("127.0.0.1", 0));
    }

    Duration duration(Key key) {
        Duration value = parse(key, Units::duration, Duration.ofSeconds(key.least));
        if (value.isZero()
                || value.toSeconds() < key.least
                || value.compareTo(Duration.ofSeconds(key.most)) > 0) {
            outOfRange(
                    key,
                    key.least == 0 ? "more than 0" : Units.text(Duration.ofSeconds(key.least)),
                    Units.text(Duration.ofSeconds(key.most)));
        }
        return value;
    }

    long bytes(Key key) {
        long value = parse(key, Units::bytes, key.least);
        if (value < key.least || value > key.most) {
            outOfRange(key, Units.text(key.least), Units.text(key.most));
        }
        return value;
    }

    long number(Key key) {
        long value = parse(key, Long::parseLong, key.least);
        if (value < key.least || value > key.most) {
            outOfRange(key, String.valueOf(key.least), String.valueOf(key.most));
        }
        return value;
    }

    private void outOfRange(Key key, String least, String most) {
        problems.add(
                "%s: %s is out of range (%s to %s)".formatted(key.flag(), text(key), least, most));
    }

    private <T> T parse(Key key, Function<String, T> parser, T otherwise) {
        try {
            return parser.apply(text(key));
        } catch (NumberFormatException wrong) {
            problems.add("%s: '%s' is not a whole number".formatted(key.flag(), text(key)));
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            problems.add("%s: '%s' is %s".formatted(key.flag(), text(key), wrong.getMessage()));
        }
        return otherwise;
    }
}
