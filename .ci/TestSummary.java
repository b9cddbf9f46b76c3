import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/// Sums up the reports of all modules: `java TestSummary.java ROOT`. Exits with 1 when a test
/// failed, and when there was none, since a build without tests has proved nothing.
final class TestSummary {
    private final Map<String, Counts> modules = new TreeMap<>();
    private final Map<String, Integer> skipReasons = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private TestSummary() {}

    public static void main(String[] arguments)
            throws IOException, ParserConfigurationException, SAXException {
        Path root = Path.of(arguments[0]);
        TestSummary summary = new TestSummary();
        for (Path report : reports(root)) {
            summary.read(root, report);
        }
        System.exit(summary.print() ? 0 : 1);
    }

    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 5)) {
            return files.filter(TestSummary::isReport).sorted().toList();
        }
    }

    private static boolean isReport(Path file) {
        String folder = String.valueOf(file.getParent().getFileName());
        return file.getFileName().toString().startsWith("TEST-")
                && (folder.equals("surefire-reports") || folder.equals("failsafe-reports"));
    }

    private void read(Path root, Path report)
            throws IOException, ParserConfigurationException, SAXException {
        Path target = report.getParent().getParent();
        String module = root.relativize(target.getParent()).toString();
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        NodeList cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
        Counts counts = modules.computeIfAbsent(module, ignored -> new Counts());
        for (int i = 0; i < cases.getLength(); i++) {
            count((Element) cases.item(i), counts);
        }
    }

    private void count(Element test, Counts counts) {
        counts.run++;
        counts.seconds += seconds(test.getAttribute("time"));
        Element skipped = first(test, "skipped");
        if (skipped != null) {
            counts.skipped++;
            String reason = skipped.getAttribute("message");
            skipReasons.merge(reason.isBlank() ? "no reason given" : reason, 1, Integer::sum);
        }
        if (first(test, "failure") != null || first(test, "error") != null) {
            counts.failed++;
            failures.add(test.getAttribute("classname") + "." + test.getAttribute("name"));
        }
    }

    private static double seconds(String time) {
        return time.isBlank() ? 0 : Double.parseDouble(time.replace(",", ""));
    }

    private static Element first(Element parent, String name) {
        return (Element) parent.getElementsByTagName(name).item(0);
    }

    private boolean print() {
        Counts all = new Counts();
        System.out.printf(
                "%n%-24s %7s %7s %8s %9s%n", "tests", "run", "failed", "skipped", "seconds");
        modules.forEach(
                (module, counts) -> {
                    counts.print(module);
                    all.add(counts);
                });
        all.print("all");
        skipReasons.forEach(
                (reason, times) -> System.out.println("skipped " + times + ": " + reason));
        failures.forEach(failure -> System.out.println("FAILED " + failure));
        if (all.run == 0) {
            System.out.println("no test reports were found: nothing was proved");
        }
        return all.run > 0 && all.failed == 0;
    }

    private static final class Counts {
        private int run;
        private int failed;
        private int skipped;
        private double seconds;

        void add(Counts other) {
            run += other.run;
            failed += other.failed;
            skipped += other.skipped;
            seconds += other.seconds;
        }

        void print(String name) {
            System.out.printf(
                    Locale.ROOT, "%-24s %7d %7d %8d %9.1f%n", name, run, failed, skipped, seconds);
        }
    }
}
