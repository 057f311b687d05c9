"""What is broken on the command line is told before anything runs, and before anything is built."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz import campaign, target
from harness.judgement import InputRefused


def test_what_is_no_target_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputRefused, match=f"no target nonsense: there are {', '.join(target.names())}"):
        campaign.main(["nonsense"])


@pytest.mark.parametrize("arguments", [["nonsense"], ["--targets", "nonsense"], ["--power", "nonsense"]])
def test_what_is_not_there_is_told_before_anything_is_built(tmp_path: Path, arguments: list[str]) -> None:
    """A command that anything was installed or built with would not be found."""
    (tmp_path / "python3").symlink_to("/usr/bin/python3")
    for name in ("bash", "readlink", "dirname", "dpkg-query"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        [target.ROOT / "run", "fuzz", *arguments], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 2 and "nonsense" in done.stderr and ": there are " in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--budget", "0"], ["--budget", "1d"], ["--jobs", "0"], ["--trials", "x"]]
)
def test_an_option_without_sense_is_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        campaign.main(arguments)
    assert refused.value.code == 2


def test_an_input_of_no_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some").write_text("")
    for path in (tmp_path / "some", tmp_path / "socket-absent"):
        with pytest.raises(InputRefused, match="no input of a target"):
            campaign.main(["--again", str(path)])


@pytest.mark.parametrize(
    ("module", "words"), [("fuzz.command_line", "for the names"), ("fuzz.campaign", "to report")]
)
def test_what_a_fresh_machine_has_not_is_installed(module: str, words: str) -> None:
    """Modules that our own import, of those that Python does not bring, are packages that ./run asks for."""
    text = (target.ROOT / "run").read_text()
    asked = (
        text[text.index("\nfuzz() {") :] if words == "to report" else text[text.index("\n  fuzz | bench)") :]
    )
    needed = re.search(rf'need "{words}" ([^\n]+)', asked)
    assert needed is not None
    ours = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, {module}\nfor each in sys.modules.values(): print(each.__dict__.get('__file__'))",
        ],
        cwd=target.ROOT,
        env={"PYTHONPATH": str(target.ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    imported = {
        name
        for path in ours
        if path.startswith(f"{target.ROOT}/")
        for name in re.findall(r"^(?:from|import) (\w+)", Path(path).read_text(), re.M)
    }
    foreign = imported - set(sys.stdlib_module_names) - {each.name for each in target.ROOT.iterdir()}
    assert foreign
    # What comes along with another: python3-jinja2 has it.
    assert {f"python3-{each}" for each in foreign} - {"python3-markupsafe"} <= set(needed[1].split())
