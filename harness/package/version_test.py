"""What the version of a package says, and that Debian takes a later commit for a later one."""

from __future__ import annotations

import subprocess

from harness.package import version
from harness.package.version import Version


def test_this_tree_has_the_projects_version_and_a_commit() -> None:
    now = version.read()
    assert str(now).startswith(f"{now.project}+git{now.commits}.{now.commit}")


def test_a_later_commit_is_a_later_version() -> None:
    line = ["0.1.0", Version("0.1.0", 9, "ffff"), Version("0.1.0", 10, "0000"), "0.1.1"]
    for earlier, later in zip(line, line[1:], strict=False):
        subprocess.run(["dpkg", "--compare-versions", str(earlier), "lt", str(later)], check=True)


def test_what_is_of_no_commit_says_so() -> None:
    assert str(Version("0.1.0", 9, "ffff", changed=True)) == "0.1.0+git9.ffff+changed"
    assert str(Version("0.1.0")) == "0.1.0"
