import static java.lang.classfile.ClassFile.JAVA_8_VERSION;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Rewrites a jar whose classes are older than Java 6 for Java 8: `java Retarget.java FILE.jar`.
///
/// The JVM puts no class into an AOT cache that it cannot verify when the cache is made, which is
/// every class file without stack maps (before version 50). picocli is compiled for Java 5, so it
/// alone cost each CLI call over 100 ms. Only the version and the stack maps change.
final class Retarget {
    private static final ClassTransform TO_JAVA_8 =
            (builder, element) -> {
                if (element instanceof ClassFileVersion) {
                    builder.withVersion(JAVA_8_VERSION, 0);
                } else {
                    builder.with(element);
                }
            };

    /// Takes every method body apart and builds it again, which makes its stack map.
    private static final ClassTransform REBUILD_BODIES =
            ClassTransform.transformingMethodBodies(CodeBuilder::with);

    private Retarget() {}

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
        try (URLClassLoader itself = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                JarFile in = new JarFile(jar.toFile());
                OutputStream file = new BufferedOutputStream(Files.newOutputStream(rewritten));
                ZipOutputStream out = new ZipOutputStream(file)) {
            ClassFile classes =
                    ClassFile.of(
                            StackMapsOption.GENERATE_STACK_MAPS,
                            ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(itself)));
            for (JarEntry entry : (Iterable<JarEntry>) in.stream()::iterator) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(isOld(entry.getName(), bytes) ? retarget(classes, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Bytes 6 and 7 of a class file are its major version; 50 is Java 6.
    private static boolean isOld(String name, byte[] bytes) {
        return name.endsWith(".class") && bytes[6] == 0 && bytes[7] < 50;
    }

    private static byte[] retarget(ClassFile classes, byte[] bytes) {
        return classes.transformClass(classes.parse(bytes), TO_JAVA_8.andThen(REBUILD_BODIES));
    }
}
