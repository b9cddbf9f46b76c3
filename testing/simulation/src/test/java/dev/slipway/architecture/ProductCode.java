package dev.slipway.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import java.nio.file.Files;
import java.nio.file.Path;

/// The classes that the rules are about: what ships, without generated messages and tests.
final class ProductCode {
    static final String ROOT = "dev.slipway.";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("testkit"))
                    .importPackages("dev.slipway")
                    .that(DescribedPredicate.describe("are product code", ProductCode::ships));

    private ProductCode() {}

    static JavaClasses classes() {
        return CLASSES;
    }

    /// The generated packages end in a protocol version: `dev.slipway.api.v1`.
    static boolean isGenerated(String packageName) {
        return packageName.matches("dev\\.slipway\\.(api|agent|journal|cluster)\\.v[0-9]+.*");
    }

    private static boolean ships(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        return !isGenerated(name)
                && !name.startsWith("dev.slipway.architecture")
                && !name.startsWith("dev.slipway.simulation")
                && !name.startsWith("dev.slipway.testkit");
    }

    /// The repository's root: where `mvnw` is.
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "No folder above %s holds mvnw: run this test inside the repository."
                                .formatted(Path.of("").toAbsolutePath()));
            }
            folder = parent;
        }
        return folder;
    }
}
