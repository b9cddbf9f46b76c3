package dev.slipway.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Imports only go down. The order is the table "Who may import whom" of `docs/architecture.md`,
/// read from there, so that the document cannot become wrong.
class LayersTest {
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|(.*)\\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    /// Module → its packages, top to bottom.
    private final Map<String, List<String>> layers = readLayers();

    @Test
    void importsOnlyGoDown() {
        var violations = new TreeSet<String>();
        for (JavaClass from : ProductCode.classes()) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                check(from, dependency.getTargetClass().getBaseComponentType(), violations);
            }
        }

        assertThat(violations)
                .as(
                        "Imports that go up or across. Move what is shared down, or hand it in as a"
                                + " port; the order is in docs/architecture.md, 'Who may import"
                                + " whom'")
                .isEmpty();
    }

    @Test
    void everyPackageHasItsPlaceInTheDocument() {
        var missing = new TreeSet<String>();
        for (JavaClass javaClass : ProductCode.classes()) {
            Place place = place(javaClass.getPackageName());
            if (layers.containsKey(place.module()) && place.depth() < 0) {
                missing.add(javaClass.getPackageName());
            }
        }

        assertThat(missing)
                .as("Packages that docs/architecture.md, 'Who may import whom', does not name")
                .isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.slipway.(**)")
                .should()
                .beFreeOfCycles()
                .because("packages that need each other are one package, or one is cut wrongly")
                .check(ProductCode.classes());
    }

    private void check(JavaClass from, JavaClass to, TreeSet<String> violations) {
        if (!to.getPackageName().startsWith(ProductCode.ROOT)
                || ProductCode.isGenerated(to.getPackageName())) {
            return;
        }
        Place source = place(from.getPackageName());
        Place target = place(to.getPackageName());
        boolean allowed;
        if (source.module().equals(target.module())) {
            allowed = source.depth() < 0 || target.depth() < 0 || source.depth() <= target.depth();
        } else {
            allowed = target.module().equals("common") || source.module().equals("cli");
        }
        if (!allowed) {
            violations.add(from.getName() + " → " + to.getName());
        }
    }

    /// Where a package stands: `dev.slipway.agent.session` is place 1 of module `agent`, and
    /// `dev.slipway.agent` itself is its top.
    private Place place(String packageName) {
        String[] words = (packageName + ".").substring(ProductCode.ROOT.length()).split("\\.");
        String first = words[0];
        if (!layers.containsKey(first) && !first.equals("cli")) {
            return new Place("common", layers.getOrDefault("common", List.of()).indexOf(first));
        }
        String own = words.length > 1 ? words[1] : first;
        return new Place(first, layers.getOrDefault(first, List.of()).indexOf(own));
    }

    private static Map<String, List<String>> readLayers() {
        var layers = new LinkedHashMap<String, List<String>>();
        boolean inside = false;
        for (String line : readArchitecture()) {
            if (line.startsWith("## ")) {
                inside = line.equals("## Who may import whom");
            }
            var row = ROW.matcher(line);
            if (inside && row.matches()) {
                layers.put(
                        row.group(1),
                        new ArrayList<>(
                                NAME.matcher(row.group(2))
                                        .results()
                                        .map((MatchResult name) -> name.group(1))
                                        .toList()));
            }
        }
        assertThat(layers).as("the table in docs/architecture.md").containsKey("common");
        return layers;
    }

    private static List<String> readArchitecture() {
        try {
            return Files.readAllLines(ProductCode.root().resolve("docs/architecture.md"));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private record Place(String module, int depth) {}
}
