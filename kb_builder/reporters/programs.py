"""Reports for programs: our own JSON, GitLab's code quality, SARIF and JUnit."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from kb_builder.diagnostics import Diagnostic, Level
from kb_builder.reporters.people import LEVELS, concise, count, visible


def as_json(diagnostics: Sequence[Diagnostic], *, documents: int) -> str:
    """One JSON object. Keys are for ever; new ones may be added.

    `version` 1; `documents` how many were looked at; `errors` and `warnings` how many were found;
    `diagnostics` a list of `path` (relative to the base), `line` and `column` (from 1, in
    characters), `end_column` (the first column after it), `rule`, `name`, `level` (`error`,
    `warning`, `hint`), `message`, `hint` (empty where there is none).
    """
    errors, warnings = count(diagnostics)
    report = {
        "version": 1,
        "documents": documents,
        "errors": errors,
        "warnings": warnings,
        "diagnostics": [
            {
                "path": each.path,
                "line": each.span.line,
                "column": each.span.column,
                "end_column": each.span.column + each.span.length,
                "rule": each.rule,
                "name": each.name,
                "level": LEVELS[each.level],
                "message": each.message,
                "hint": each.hint,
            }
            for each in diagnostics
        ],
    }
    return _json(report)


def gitlab(diagnostics: Iterable[Diagnostic]) -> str:
    """A code quality report, as GitLab shows it in merge requests.

    Source: the Code Climate subset in GitLab's documentation, “Code quality report format”. A fingerprint
    names path, rule and message but no line, so that a finding that only moves is not a new one.
    """
    severities = {Level.ERROR: "major", Level.WARNING: "minor", Level.HINT: "info"}
    found = [
        {
            "description": _sentence(each),
            "check_name": f"{each.rule} {each.name}",
            "fingerprint": fingerprint,
            "severity": severities[each.level],
            "location": {"path": each.path, "lines": {"begin": each.span.line}},
        }
        for each, fingerprint in _fingerprints(diagnostics)
    ]
    return _json(found)


def sarif(diagnostics: Sequence[Diagnostic], *, titles: Mapping[str, str], version: str) -> str:
    """A SARIF log; `titles` are those of all rules by id, `version` is the program's.

    Source: OASIS, *Static Analysis Results Interchange Format (SARIF) Version 2.1.0*.
    """
    levels = {Level.ERROR: "error", Level.WARNING: "warning", Level.HINT: "note"}
    places = {rule: place for place, rule in enumerate(titles)}
    results = []
    for each, fingerprint in _fingerprints(diagnostics):
        start = each.span.column
        results.append(
            {
                "ruleId": each.rule,
                "ruleIndex": places[each.rule],
                "level": levels[each.level],
                "message": {"text": _sentence(each)},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": _uri(each.path), "uriBaseId": "%SRCROOT%"},
                            "region": {
                                "startLine": each.span.line,
                                "startColumn": start,
                                "endColumn": start + each.span.length,
                            },
                        }
                    }
                ],
                "partialFingerprints": {"kb/v1": fingerprint},
            }
        )
    rules = [{"id": rule, "shortDescription": {"text": text}} for rule, text in titles.items()]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "kb", "version": version, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return _json(log)


def junit(diagnostics: Iterable[Diagnostic], *, paths: Iterable[str]) -> str:
    """A JUnit report: every file a test case, which fails when it has errors.

    `paths` are the files that were looked at. Warnings and hints are in a case's output. Source: the
    schema that Jenkins' JUnit plugin and GitLab read.
    """
    by_path: dict[str, list[Diagnostic]] = {path: [] for path in paths}
    for each in diagnostics:
        by_path.setdefault(each.path, []).append(each)
    failed = sum(count(found)[0] > 0 for found in by_path.values())
    totals = {"name": "kb check", "tests": str(len(by_path)), "failures": str(failed)}
    suites = ElementTree.Element("testsuites", totals)
    suite = ElementTree.SubElement(suites, "testsuite", totals | {"errors": "0"})
    for path, found in by_path.items():
        name = visible(path)
        case = ElementTree.SubElement(suite, "testcase", {"classname": "kb check", "name": name})
        errors = [each for each in found if each.level is Level.ERROR]
        others = [each for each in found if each.level is not Level.ERROR]
        if errors:
            summary = {"type": errors[0].rule, "message": visible(errors[0].message)}
            ElementTree.SubElement(case, "failure", summary).text = concise(errors)
        if others:
            ElementTree.SubElement(case, "system-out").text = concise(others)
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _sentence(diagnostic: Diagnostic) -> str:
    text = f"{diagnostic.message}；{diagnostic.hint}" if diagnostic.hint else diagnostic.message
    return visible(text)


def _fingerprints(diagnostics: Iterable[Diagnostic]) -> Iterable[tuple[Diagnostic, str]]:
    """Each diagnostic with a name that stays when lines before it come and go."""
    seen: Counter[str] = Counter()
    for each in diagnostics:
        key = "\0".join((each.path, each.rule, each.message))
        seen[key] += 1
        named = f"{key}\0{seen[key]}".encode("utf-8", "surrogateescape")
        yield each, hashlib.sha256(named).hexdigest()[:32]


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # A file name may hold bytes that are no UTF-8; what Python calls them is JSON's escape as well.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
