package dev.slipway.agent.docker;

/// The name of an image, taken apart: `registry:5000/team/app:1@sha256:…`.
///
/// @param registry empty for Docker Hub
/// @param repository with the registry, without tag and digest
/// @param tag empty when there is none
/// @param digest `sha256:…`; empty when there is none
public record ImageName(String registry, String repository, String tag, String digest) {
    public static ImageName parse(String name) {
        String rest = name;
        String digest = "";
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = rest.substring(at + 1);
            rest = rest.substring(0, at);
        }
        String tag = "";
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        String first = slash < 0 ? "" : rest.substring(0, slash);
        boolean host =
                first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        return new ImageName(host ? first : "", rest, tag, digest);
    }
}
