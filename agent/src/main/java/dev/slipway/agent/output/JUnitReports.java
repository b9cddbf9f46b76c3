package dev.slipway.agent.output;

import dev.slipway.agent.output.TestResults.Failure;
import dev.slipway.agent.output.TestResults.Timing;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads JUnit XML reports, as every build tool and test runner writes them. External entities and
/// document types are not read.
public final class JUnitReports {
    public static final int MAX_FAILURES = 200;
    public static final int MAX_SLOWEST = 10;

    private static final int MAX_MESSAGE = 4_096;
    private static final int MAX_NAME = 512;

    /// A place in a stack trace of a JVM language.
    private static final Pattern FRAME =
            Pattern.compile("\\(([\\w$-]+)\\.(java|kt|groovy|scala):(\\d+)\\)");

    private static final XMLInputFactory FACTORY = factory();

    private final Masks masks;
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /// The slowest so far, quickest first.
    private final PriorityQueue<Timing> slowest =
            new PriorityQueue<>(Comparator.comparing(Timing::duration));

    private int total;
    private int failed;
    private int errored;
    private int skipped;
    private Duration duration = Duration.ZERO;

    private JUnitReports(Masks masks) {
        this.masks = masks;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        return factory;
    }

    /// Adds up the reports in these files. A file that is no report is a problem of its own, and
    /// what was read of it before the mistake counts.
    public static TestResults read(List<Path> files, Masks masks) {
        var reports = new JUnitReports(masks);
        for (Path file : files) {
            reports.read(file);
        }
        return reports.results();
    }

    private TestResults results() {
        List<Timing> sorted =
                slowest.stream().sorted(Comparator.comparing(Timing::duration).reversed()).toList();
        return new TestResults(
                total, failed, errored, skipped, duration, failures, sorted, problems);
    }

    private void read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(in);
            try {
                if (!readDocument(xml)) {
                    problems.add("%s is no JUnit report: it has no testsuite".formatted(file));
                }
            } finally {
                xml.close();
            }
        } catch (IOException | XMLStreamException e) {
            problems.add("%s is no JUnit report: %s".formatted(file, e.getMessage()));
        }
    }

    private boolean readDocument(XMLStreamReader xml) throws XMLStreamException {
        boolean isReport = false;
        var suites = new ArrayList<Suite>();
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "testsuites" -> isReport = true;
                    case "testsuite" -> {
                        isReport = true;
                        suites.add(new Suite(attribute(xml, "name"), attribute(xml, "file")));
                    }
                    case "testcase" ->
                            testCase(xml, suites.isEmpty() ? Suite.NONE : suites.getLast());
                    default -> {}
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("testsuite")) {
                suites.removeLast();
            }
        }
        return isReport;
    }

    private record Suite(String name, String file) {
        static final Suite NONE = new Suite("", "");
    }

    /// One test while it is read.
    private static final class TestCase {
        private final String name;
        private final String suite;
        private final String className;
        private String file;
        private int line;
        private @Nullable String outcome;
        private String message = "";

        TestCase(XMLStreamReader xml, Suite suite) {
            name = attribute(xml, "name");
            className = attribute(xml, "classname");
            this.suite = className.isEmpty() ? suite.name() : className;
            String own = attribute(xml, "file");
            file = own.isEmpty() ? suite.file() : own;
            line = Places.number(attribute(xml, "line"));
        }

        /// The first failure of a test counts; a failure hides that it was skipped.
        void end(String element, String attributes, String text) {
            if (outcome != null && !outcome.equals("skipped")) {
                return;
            }
            outcome = element;
            if (!element.equals("skipped")) {
                message = attributes.isBlank() ? text.strip() : attributes;
                findFrame(text);
            }
        }

        private void findFrame(String stack) {
            Matcher frame = FRAME.matcher(stack);
            String simpleName = className.substring(className.lastIndexOf('.') + 1);
            int nested = simpleName.indexOf('$');
            String top = nested < 0 ? simpleName : simpleName.substring(0, nested);
            while (file.isEmpty() && frame.find()) {
                if (frame.group(1).equals(top)) {
                    file = frame.group(1) + "." + frame.group(2);
                    line = Places.number(frame.group(3));
                }
            }
        }
    }

    private void testCase(XMLStreamReader xml, Suite suite) throws XMLStreamException {
        var test = new TestCase(xml, suite);
        Duration took = seconds(attribute(xml, "time"));
        while (true) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                break;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                String element = xml.getLocalName();
                switch (element) {
                    case "failure", "error", "skipped" -> {
                        String message = attribute(xml, "message");
                        test.end(element, message, content(xml));
                    }
                    default -> content(xml);
                }
            }
        }
        count(test, took);
    }

    /// The text in an element and the elements in it, as far as it is kept; ends behind its end.
    private static String content(XMLStreamReader xml) throws XMLStreamException {
        var text = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (text.length() < 4 * MAX_MESSAGE) {
                        text.append(xml.getText());
                    }
                }
                default -> {}
            }
        }
        return text.toString();
    }

    private void count(TestCase test, Duration took) {
        total++;
        duration = duration.plus(took);
        String suite = shortened(test.suite, MAX_NAME);
        String name = shortened(test.name, MAX_NAME);
        slowest.add(new Timing(suite, name, took));
        if (slowest.size() > MAX_SLOWEST) {
            slowest.remove();
        }
        if (test.outcome == null) {
            return;
        }
        switch (test.outcome) {
            case "skipped" -> skipped++;
            case "error" -> errored++;
            default -> failed++;
        }
        if (!test.outcome.equals("skipped") && failures.size() < MAX_FAILURES) {
            String message = shortened(test.message, MAX_MESSAGE);
            failures.add(new Failure(suite, name, message, test.file, test.line));
        }
    }

    private String shortened(String text, int most) {
        String masked = masks.apply(text);
        return masked.length() <= most ? masked : masked.substring(0, most - 1) + "…";
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    /// `1.5` or `1,234.5` seconds; anything else is zero.
    private static Duration seconds(String text) {
        try {
            double seconds = Double.parseDouble(text.replace(",", ""));
            return seconds > 0 && seconds < 1e9
                    ? Duration.ofNanos(Math.round(seconds * 1e9))
                    : Duration.ZERO;
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
