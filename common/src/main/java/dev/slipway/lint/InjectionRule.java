package dev.slipway.lint;

import dev.slipway.expression.Template;
import dev.slipway.workflow.Computed;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Warns when text that strangers write is pasted into a script, where it becomes code.
///
/// The list of such texts is the one of GitHub's security guide for untrusted input. A text that
/// only takes part in a comparison cannot come out and is fine; one that goes through an `env`
/// mapping is fine too, unless the script pastes it back with `${{ env.NAME }}`.
final class InjectionRule {

    private static final List<List<String>> UNTRUSTED =
            Stream.of(
                            "github.head_ref",
                            "github.event.issue.title",
                            "github.event.issue.body",
                            "github.event.pull_request.title",
                            "github.event.pull_request.body",
                            "github.event.pull_request.head.ref",
                            "github.event.pull_request.head.label",
                            "github.event.pull_request.head.repo.default_branch",
                            "github.event.pull_request.head.repo.description",
                            "github.event.pull_request.head.repo.homepage",
                            "github.event.comment.body",
                            "github.event.review.body",
                            "github.event.review_comment.body",
                            "github.event.discussion.title",
                            "github.event.discussion.body",
                            "github.event.pages.*.page_name",
                            "github.event.pages.*.title",
                            "github.event.commits.*.message",
                            "github.event.commits.*.author.email",
                            "github.event.commits.*.author.name",
                            "github.event.commits.*.committer.email",
                            "github.event.commits.*.committer.name",
                            "github.event.head_commit.message",
                            "github.event.head_commit.author.email",
                            "github.event.head_commit.author.name",
                            "github.event.head_commit.committer.email",
                            "github.event.head_commit.committer.name",
                            "github.event.workflow_run.head_branch",
                            "github.event.workflow_run.display_title",
                            "github.event.workflow_run.head_commit.message",
                            "github.event.workflow_run.head_commit.author.email",
                            "github.event.workflow_run.head_commit.author.name",
                            "github.event.workflow_run.pull_requests.*.head.ref",
                            "github.event.client_payload.*")
                    .map(path -> List.of(path.split("\\.")))
                    .toList();

    private final Findings findings;

    InjectionRule(Findings findings) {
        this.findings = findings;
    }

    void check(List<Site> sites, List<Computed> environments) {
        Set<String> tainted = new HashSet<>();
        environments.forEach(environment -> collectTainted(environment, tainted));
        for (Site site : sites) {
            if (site.kind() != Site.Kind.SCRIPT) {
                continue;
            }
            for (PropertyUse use : site.uses()) {
                if (isUntrusted(use)) {
                    findings.warning(
                            site.at(use),
                            "'"
                                    + use.text()
                                    + "' is text that anybody can write, and it is pasted into the"
                                    + " script as code (script injection); pass it through 'env:'"
                                    + " and use the variable instead");
                } else if (use.flows()
                        && use.context().equals("env")
                        && tainted.contains(use.segment(1))) {
                    findings.warning(
                            site.at(use),
                            "'"
                                    + use.text()
                                    + "' holds text that anybody can write, and '${{ }}' pastes it"
                                    + " into the script as code (script injection); use the"
                                    + " variable \"$"
                                    + use.segment(1).toUpperCase(Locale.ROOT)
                                    + "\" of the shell instead");
                }
            }
        }
    }

    private static void collectTainted(Computed environment, Set<String> tainted) {
        if (environment instanceof Computed.Entries mapping) {
            for (Computed.Entry entry : mapping.entries()) {
                List<Template> templates = new ArrayList<>();
                entry.value().forEachTemplate(dynamic -> templates.add(dynamic.template()));
                boolean untrusted =
                        templates.stream()
                                .flatMap(template -> PropertyUse.in(template).stream())
                                .anyMatch(InjectionRule::isUntrusted);
                if (untrusted && entry.key().isLiteral()) {
                    tainted.add(entry.key().literal().text().toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private static boolean isUntrusted(PropertyUse use) {
        return use.flows()
                && use.context().equals("github")
                && UNTRUSTED.stream().anyMatch(pattern -> matches(pattern, use));
    }

    private static boolean matches(List<String> pattern, PropertyUse use) {
        int common = Math.min(pattern.size(), use.path().size());
        for (int i = 0; i < common; i++) {
            String wanted = pattern.get(i);
            String got = use.path().get(i);
            if (!wanted.equals(got) && !wanted.equals("*") && !got.equals("*")) {
                return false;
            }
        }
        boolean leaf = use.path().size() == pattern.size();
        boolean above = use.path().size() < pattern.size() && use.dumped();
        return leaf
                || above
                || (use.path().size() > pattern.size() && pattern.getLast().equals("*"));
    }
}
