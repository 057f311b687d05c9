"""A claim is gone with its owner, at the latest when the next one is made."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vm import cgroup
from vm.claim import Claim, sweep

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="making a cgroup needs root")

OWNER = """
import sys, subprocess
from pathlib import Path
from vm.claim import Claim
with Claim(Path(sys.argv[1])) as claim:
    inmate = subprocess.Popen(["sleep", "infinity"])
    (claim.cgroup / "cgroup.procs").write_text(str(inmate.pid))
    print(claim.folder, claim.cgroup, inmate.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    sweep(tmp_path)


def test_nothing_is_left_of_a_claim_that_was_given_up(tmp_path):
    with Claim(tmp_path) as claim:
        assert claim.share.is_dir() and claim.cgroup.is_dir()

    assert not claim.folder.exists() and not claim.cgroup.exists()


def test_a_process_in_the_cgroup_is_killed_and_waited_for(tmp_path):
    with Claim(tmp_path) as claim:
        inmate = subprocess.Popen(["sleep", "infinity"])
        (claim.cgroup / "nested").mkdir()
        (claim.cgroup / "nested/cgroup.procs").write_text(str(inmate.pid))

    assert inmate.wait() == -signal.SIGKILL
    assert not claim.cgroup.exists()


def test_a_living_owner_keeps_its_claim(tmp_path, owner):
    folder = Path(owner.stdout.readline().split()[0])

    assert sweep(tmp_path) == []
    assert folder.is_dir()


def test_the_next_claim_removes_that_of_an_owner_who_was_killed(tmp_path, owner):
    folder, group, _ = owner.stdout.readline().split()
    owner.kill()
    owner.wait()

    with Claim(tmp_path):
        assert not Path(folder).exists() and not Path(group).exists()


def test_what_was_claimed_but_not_made_is_no_trouble(tmp_path):
    """Who is killed between two steps leaves half a folder, or a note of a cgroup that never was."""
    (tmp_path / "1-0-1").mkdir()
    (tmp_path / "1-0-2").mkdir()
    (tmp_path / "1-0-2/cgroup").write_text(str(cgroup.own_cgroup() / "notifyspec-never-made"))

    assert sweep(tmp_path) == ["1-0-1", "1-0-2"]
    assert list(tmp_path.glob("*-*")) == []
