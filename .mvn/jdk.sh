# Finds a JDK that can build and run Slipway. Sourced by ./mvnw, ./slipway and .ci/*; POSIX shell.
#
# `slipway_find_jdk` sets JAVA_HOME to the first JDK of at least SLIPWAY_JDK among: JAVA_HOME, the `java` on PATH, and
# the folders where JDKs are usually installed. It starts no Java: a JDK says its version in the file `release`.

SLIPWAY_JDK=25

# Prints the feature version (25) of the JDK in folder $1, or nothing when there is no JDK with a compiler.
slipway_jdk_version() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    while IFS='=' read -r slipway_key slipway_value; do
        if [ "$slipway_key" = JAVA_VERSION ]; then
            slipway_value=${slipway_value#\"}
            slipway_value=${slipway_value%%[!0-9]*}
            printf '%s\n' "$slipway_value"
            return 0
        fi
    done <"$1/release"
}

slipway_jdk_fits() {
    slipway_found=$(slipway_jdk_version "$1")
    [ -n "$slipway_found" ] && [ "$slipway_found" -ge "$SLIPWAY_JDK" ]
}

slipway_find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && slipway_jdk_fits "$JAVA_HOME"; then
        export JAVA_HOME
        return 0
    fi
    slipway_java=$(command -v java || true)
    if [ -n "$slipway_java" ]; then
        slipway_java=$(readlink -f "$slipway_java" 2>/dev/null || printf '%s' "$slipway_java")
    fi
    for slipway_home in \
        ${slipway_java:+"${slipway_java%/bin/java}"} \
        /usr/lib/jvm/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* \
        "${HOME:-/root}"/.local/share/mise/installs/java/* "${HOME:-/root}"/.asdf/installs/java/* \
        /opt/*jdk* /opt/java/* /opt/hostedtoolcache/*/*/x64 /usr/java/* /usr/local/*jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -d "$slipway_home" ] && slipway_jdk_fits "$slipway_home"; then
            JAVA_HOME=$slipway_home
            export JAVA_HOME
            return 0
        fi
    done
    cat >&2 <<EOF
slipway: no JDK $SLIPWAY_JDK or newer was found (looked at JAVA_HOME=${JAVA_HOME:-not set}, the java on PATH,
  /usr/lib/jvm, ~/.sdkman, ~/.jdks, mise, asdf, /opt, /usr/java and /usr/local).
  Install one, for example Eclipse Temurin $SLIPWAY_JDK: https://adoptium.net/installation (apt: temurin-$SLIPWAY_JDK-jdk,
  sdkman: sdk install java $SLIPWAY_JDK-tem), or set JAVA_HOME to the folder of one that is already there.
EOF
    return 1
}
