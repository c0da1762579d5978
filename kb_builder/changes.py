"""Which files of a base git says have changed, and which documents that concerns."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from kb_builder.diagnostics import Diagnostic, KbError, quoted
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.known import linked_from


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """The paths, relative to the base, that differ from where this branch left `revision`.

    Changed, new, deleted and renamed (both names) files count, committed or not. Raises KbError when the
    base is in no git repository or there is no such revision.
    """
    found = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if found is None:
        if _git(root, "rev-parse", "--git-dir") is None:
            raise KbError(f"{root} 不在 git 仓库里，--changed-since 用不了")
        raise KbError(
            f"git 里没有{quoted(revision)}；在流水线里要取全部历史（fetch-depth: 0），再写 origin/main 这样的名字"
        )
    commit = found.strip()
    changed = _git(
        root, "diff", "--merge-base", commit, "--name-only", "--no-renames", "--relative", "-z"
    )
    if changed is None:
        raise KbError(f"git 找不到和{quoted(revision)}共同的起点；取全部历史以后再试")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    assert new is not None  # A repository that can be compared can be listed.
    return frozenset(path for path in (changed + new).split("\0") if path)


def concerned(
    diagnostics: Iterable[Diagnostic], corpus: Corpus, changed: frozenset[str]
) -> list[Diagnostic]:
    """The diagnostics that a change of these files may have brought about.

    Those of the changed files themselves, of documents that refer or link to one or redirect from its
    id, and those that name its id: of two equal titles, only the later one is reported.
    """
    ids = {PurePosixPath(path).stem for path in changed if path.endswith(".md")}
    ids |= {document.id for document in corpus.documents if document.path in changed}

    def naming(document: Document) -> Iterator[str]:
        """The fields that name other documents."""
        yield "redirect_from"
        if document.kind is not None:
            yield from document.kind.references

    touched = {
        document.path
        for document in corpus.documents
        if document.path in changed
        or any(text in ids for name in naming(document) for text in document.texts(name))
        or not changed.isdisjoint(linked_from(document))
    }
    return [
        each
        for each in diagnostics
        if each.path in touched or each.path in changed or any(name in each.message for name in ids)
    ]


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, or None when it says that it can't."""
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "-c", "core.quotepath=false"]
    try:
        done = subprocess.run(  # noqa: S603  a list, no shell
            [*command, *arguments], capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise KbError("找不到 git 命令，--changed-since 用不了；先装好 git") from error
    if done.returncode:
        return None
    return done.stdout.decode("utf-8", "surrogateescape")
