package dev.slipway.cli.project;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads `NAME=VALUE` lines (dotenv): comments with `#`, an optional `export`, values bare, in
/// 'single quotes' (as they are) or in "double quotes" (with \n \r \t \" \\ and \$; may span
/// lines). Variables are not expanded: a secret is taken as written.
public final class SecretsFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Path file;
    private final String text;
    private int at;
    private int line = 1;

    private SecretsFile(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /// @throws SlipwayException with INVALID_ARGUMENT, naming the line
    public static Map<String, String> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException binary) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + file + "' is not UTF-8 text; write one NAME=VALUE per line");
        }
        return new SecretsFile(file, text.replace("\r\n", "\n")).parse();
    }

    private Map<String, String> parse() {
        var found = new LinkedHashMap<String, String>();
        while (at < text.length()) {
            skipBlanks();
            if (at < text.length() && text.charAt(at) == '#') {
                skipLine();
            } else if (at < text.length() && text.charAt(at) == '\n') {
                next();
            } else if (at < text.length()) {
                entry(found);
            }
        }
        return found;
    }

    private void entry(Map<String, String> into) {
        int equals = text.indexOf('=', at);
        int end = text.indexOf('\n', at);
        if (equals < 0 || (end >= 0 && end < equals)) {
            throw wrong("has no '='");
        }
        String name = text.substring(at, equals).strip();
        if (name.startsWith("export ")) {
            name = name.substring("export ".length()).strip();
        }
        if (!NAME.matcher(name).matches()) {
            throw wrong("'" + name + "' is no name (letters, digits, '_', no digit first)");
        }
        at = equals + 1;
        skipBlanks();
        into.put(name, value());
    }

    private String value() {
        char first = at < text.length() ? text.charAt(at) : '\n';
        if (first != '"' && first != '\'') {
            return bare();
        }
        int began = line;
        next();
        var value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != first) {
            char one = next();
            value.append(first == '"' && one == '\\' && at < text.length() ? escape(next()) : one);
        }
        if (at == text.length()) {
            line = began;
            throw wrong("the quote " + first + " is not closed");
        }
        next();
        skipBlanks();
        if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '#') {
            throw wrong("has text after the closing quote");
        }
        skipLine();
        return value.toString();
    }

    private static String escape(char escaped) {
        return switch (escaped) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '"', '\\', '$' -> String.valueOf(escaped);
            default -> "\\" + escaped;
        };
    }

    private String bare() {
        int end = text.indexOf('\n', at);
        String value = text.substring(at, end < 0 ? text.length() : end);
        skipLine();
        int comment = value.indexOf(" #");
        return (comment < 0 ? value : value.substring(0, comment)).strip();
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private void skipLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
        if (at < text.length()) {
            next();
        }
    }

    private char next() {
        char one = text.charAt(at++);
        if (one == '\n') {
            line++;
        }
        return one;
    }

    private SlipwayException wrong(String what) {
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT,
                file + ":" + line + ": " + what + "; write one NAME=VALUE per line");
    }
}
