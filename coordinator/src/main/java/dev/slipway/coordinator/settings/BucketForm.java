package dev.slipway.coordinator.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads how people write a bucket. Its errors never repeat the text.
final class BucketForm {
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9!_.*'()/-]*");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
    private static final List<String> PARAMETERS = List.of("endpoint", "region", "path-style");

    private BucketForm() {}

    static BlobLocation.S3 parse(String text) {
        int question = text.indexOf('?');
        String path = question < 0 ? text : text.substring(0, question);
        if (!path.startsWith("s3://") || path.contains("@") || text.contains("#")) {
            throw wrong("not s3://BUCKET/PREFIX (credentials never belong into it)");
        }
        String rest = path.substring("s3://".length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        String prefix = slash < 0 ? "" : rest.substring(slash + 1);
        if (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!BUCKET.matcher(bucket).matches()) {
            throw wrong("without a valid name of a bucket: s3://BUCKET/PREFIX");
        }
        if (!PREFIX.matcher(prefix).matches() || hasEmptyPart(prefix)) {
            throw wrong("with a prefix that is no plain path");
        }
        Map<String, String> parameters =
                parameters(question < 0 ? "" : text.substring(question + 1));
        Optional<URI> endpoint =
                Optional.ofNullable(parameters.get("endpoint")).map(BucketForm::endpoint);
        return new BlobLocation.S3(
                bucket,
                prefix,
                endpoint,
                Optional.ofNullable(parameters.get("region")).map(BucketForm::region),
                Optional.ofNullable(parameters.get("path-style"))
                        .map(BucketForm::flag)
                        .orElse(endpoint.isPresent()));
    }

    private static boolean hasEmptyPart(String prefix) {
        return !prefix.isEmpty()
                && List.of(prefix.split("/", -1)).stream()
                        .anyMatch(part -> part.isEmpty() || part.matches("\\.+"));
    }

    private static Map<String, String> parameters(String query) {
        var found = new TreeMap<String, String>();
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (name.isEmpty() && equals < 0) {
                continue;
            }
            if (!PARAMETERS.contains(name) || equals < 0) {
                throw wrong(
                        "with a parameter that does not exist; there are: "
                                + String.join("=, ", PARAMETERS)
                                + "=");
            }
            String value =
                    URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
            if (found.put(name, value) != null) {
                throw wrong("with " + name + "= twice");
            }
        }
        return found;
    }

    private static URI endpoint(String text) {
        try {
            var uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // Said below, without the text.
        }
        throw wrong("with an endpoint that is not http[s]://HOST[:PORT]");
    }

    private static String region(String text) {
        if (!REGION.matcher(text).matches()) {
            throw wrong("with a region that is no name like eu-central-1");
        }
        return text;
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong("with path-style= neither true nor false");
        }
        return text.equals("true");
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(why);
    }
}
