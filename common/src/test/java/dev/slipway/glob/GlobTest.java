package dev.slipway.glob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

class GlobTest {
    private static final Path WORK = Path.of("/w/repo");
    private static final Path HOME = Path.of("/home/me");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a              | /w/repo/a         | true
                    a              | /w/repo/a/b/c     | true
                    a              | /w/repo/ab        | false
                    *.txt          | /w/repo/x.txt     | true
                    *.txt          | /w/repo/.txt      | true
                    *.txt          | /w/repo/d/x.txt   | false
                    **/*.txt       | /w/repo/x.txt     | true
                    **/*.txt       | /w/repo/d/e/x.txt | true
                    d/**/x         | /w/repo/d/x       | true
                    d/**/x         | /w/repo/d/e/f/x   | true
                    d/**/e/**/x    | /w/repo/d/e/x     | true
                    d/**/e/**/x    | /w/repo/d/y/x     | false
                    d/**           | /w/repo/d         | true
                    a**b           | /w/repo/a/b       | false
                    a**b           | /w/repo/axxb      | true
                    a?c            | /w/repo/abc       | true
                    a?c            | /w/repo/ac        | false
                    [a-c]x         | /w/repo/bx        | true
                    [!a-c]x        | /w/repo/bx        | false
                    [^a-c]x        | /w/repo/dx        | true
                    [z-a]          | /w/repo/[z-a]     | true
                    [ab            | /w/repo/[ab       | true
                    []a]           | /w/repo/]         | true
                    \\*            | /w/repo/*         | true
                    \\*            | /w/repo/x         | false
                    ./a            | /w/repo/a         | true
                    .              | /w/repo/x         | true
                    ~/x            | /home/me/x        | true
                    /etc/*         | /etc/passwd       | true
                    /              | /etc/passwd       | true
                    {a,b}          | /w/repo/a         | false
                    A              | /w/repo/a         | false
                    *a*b*c         | /w/repo/xaxxbxxc  | true
                    *a*b*c         | /w/repo/xaxxbxxd  | false
                    """)
    void patternsMatchAsInActions(String pattern, String path, boolean matches) {
        assertThat(glob(pattern).matches(Path.of(path))).isEqualTo(matches);
    }

    @Test
    void laterLinesTakeOutAndPutBack() {
        Glob glob = glob("# all sources\nsrc/**\n!src/**/gen\nsrc/gen/keep.txt\n  \n");

        assertThat(glob.matches(WORK.resolve("src/a/b.c"))).isTrue();
        assertThat(glob.matches(WORK.resolve("src/a/gen/b.c"))).isFalse();
        assertThat(glob.matches(WORK.resolve("src/gen/keep.txt"))).isTrue();
        assertThat(glob("!a").matches(WORK.resolve("a"))).isFalse();
        assertThat(glob("!! a").matches(WORK.resolve("a"))).isTrue();
    }

    @Test
    void relativePathsInsideAPatternAreRefused() {
        for (String pattern : List.of("../x", "a/../b", "a/./b", "!..")) {
            assertThatThrownBy(() -> glob(pattern))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Relative pathing '.' and '..' is not allowed");
        }
    }

    @Test
    void searchStartsBeforeTheFirstWildcard() {
        assertThat(glob("a/b/*.c\na/b/d/x\nz/?\n!q/**").searchPaths())
                .containsExactly(WORK.resolve("a/b"), WORK.resolve("z"));
        assertThat(glob("a/[b]/x").searchPaths()).containsExactly(WORK.resolve("a/b/x"));
    }

    @Test
    void leastCommonAncestorIsTheSharedFolder() {
        assertThat(Glob.leastCommonAncestor(List.of(Path.of("/a/b/c"), Path.of("/a/b/d/e"))))
                .isEqualTo(Path.of("/a/b"));
        assertThat(Glob.leastCommonAncestor(List.of(Path.of("/a"), Path.of("/b"))))
                .isEqualTo(Path.of("/"));
        assertThat(Glob.leastCommonAncestor(List.of(Path.of("/a/b")))).isEqualTo(Path.of("/a/b"));
    }

    @Test
    void namesInAnArtifactAreRelativeToItsRoot() {
        assertThat(glob("a/b.txt").rootOf(List.of(WORK.resolve("a/b.txt"))))
                .isEqualTo(WORK.resolve("a"));
        assertThat(glob("a").rootOf(List.of(WORK.resolve("a/b.txt")))).isEqualTo(WORK.resolve("a"));
        assertThat(glob("a/x\nb/*").rootOf(List.of(WORK.resolve("a/x")))).isEqualTo(WORK);
    }

    private static Glob glob(String lines) {
        return Glob.parse(lines, WORK, HOME, Glob.Options.DEFAULT);
    }
}
