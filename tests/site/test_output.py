"""Writing only what changed, keeping only what belongs."""

from __future__ import annotations

import os
from pathlib import Path

from kb_builder.site.output import Output


def test_a_file_with_the_right_bytes_keeps_its_time(tmp_path: Path) -> None:
    Output(tmp_path).put("c/a/index.html", b"one")
    path = tmp_path / "c/a/index.html"
    os.utime(path, (1, 1))
    again = Output(tmp_path)
    again.put("c/a/index.html", b"one")
    assert (path.stat().st_mtime, again.written) == (1, 0)
    again = Output(tmp_path)
    again.put("c/a/index.html", b"two")
    assert (path.read_bytes(), again.written) == (b"two", 1)


def test_what_was_not_put_is_removed(tmp_path: Path) -> None:
    for name in ("old/index.html", "old/deep/x.png", "stale.html", ".well-known/keep", ".nojekyll"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    output = Output(tmp_path)
    output.page("", "<p>")
    output.page("c/a/", "<p>")
    output.finish()
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"index.html", "c/a/index.html", ".well-known/keep", ".nojekyll"}
    assert not (tmp_path / "old").exists()


def test_nothing_is_written_through_a_symbolic_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("private")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").symlink_to(outside)
    (site / "folder").symlink_to(tmp_path)
    output = Output(site)
    output.page("", "<p>")
    output.finish()
    assert outside.read_text() == "private"
    assert (site / "index.html").read_text() == "<p>"
    assert not (site / "folder").exists()


def test_a_folder_in_the_way_makes_room(tmp_path: Path) -> None:
    (tmp_path / "404.html").mkdir()
    Output(tmp_path).put("404.html", b"x")
    assert (tmp_path / "404.html").read_bytes() == b"x"


def test_a_file_with_a_second_name_elsewhere_is_replaced_not_written_into(tmp_path: Path) -> None:
    """A spare folder shares its files with the site that is being read."""
    live, fresh = tmp_path / "live", tmp_path / "fresh"
    Output(live).page("c/a/", "<p>old")
    first = Output(fresh)
    assert first.take("c/a/index.html", live, first.digests.get("c/a/index.html", "x"))
    Output(fresh).page("c/a/", "<p>new")
    assert (live / "c/a/index.html").read_text() == "<p>old"
    assert (fresh / "c/a/index.html").read_text() == "<p>new"
    # And the other way round: what is taken comes in the place of what is there.
    assert Output(fresh).take("c/a/index.html", live, "digest")
    assert (fresh / "c/a/index.html").samefile(live / "c/a/index.html")


def test_what_the_folder_holds_already_is_not_put_again(tmp_path: Path) -> None:
    live, fresh = tmp_path / "live", tmp_path / "fresh"
    for site in (live, fresh):
        Output(site).page("c/a/", "<p>")
    digest = Output(live)
    digest.page("c/a/", "<p>")
    path = "c/a/index.html"
    output = Output(fresh, {path: digest.digests[path]})
    assert output.take(path, live, digest.digests[path])
    assert not (fresh / path).samefile(live / path)
    output.finish()
    assert output.digests == digest.digests
    assert (fresh / path).exists()
