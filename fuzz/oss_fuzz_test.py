"""The build script for engines at scale, run with an engine that stands in: it replays what it is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from fuzz.target import FOLDER, Target

TARGET = Target("address")  # of one stage: it is built in half a minute
# What the mutators call, beside the main that replays.
ENGINE = """
#include <cstddef>
#include <cstdint>
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t*, std::size_t size, std::size_t) { return size; }
#include "replay.cc"
"""


@pytest.mark.skipif(shutil.which("zip") is None, reason="zip is not installed")
def test_a_target_is_built_with_all_that_an_engine_asks_for(tmp_path: Path) -> None:
    engine, out = tmp_path / "engine.o", tmp_path / "out"
    (tmp_path / "engine.cc").write_text(ENGINE)
    compile_ = ["g++", "-std=c++23", f"-I{FOLDER}", "-c", tmp_path / "engine.cc", "-o", engine]
    subprocess.run(list(map(str, compile_)), check=True)
    environment = os.environ | {
        "OUT": str(out),
        "WORK": str(tmp_path / "work"),
        "CXX": "g++",
        "CXXFLAGS": "-O0",
    }
    environment["LIB_FUZZING_ENGINE"] = str(engine)
    done = subprocess.run(
        [FOLDER / "oss-fuzz.sh", TARGET.name], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

    assert "max_len = " in (out / "fuzz_address.options").read_text()
    assert '"READY="' in (out / "fuzz_address.dict").read_text().splitlines()
    seeds = tmp_path / "seeds"
    with zipfile.ZipFile(out / "fuzz_address_seed_corpus.zip") as archive:
        archive.extractall(seeds)
    committed = {path.name for folder in TARGET.inputs for path in folder.iterdir()}
    assert {path.name for path in seeds.iterdir()} == committed
    replayed = subprocess.run([out / "fuzz_address", seeds], capture_output=True, text=True, check=True)
    assert f"{len(committed)} inputs replayed" in replayed.stdout


def test_the_script_says_what_it_wants() -> None:
    done = subprocess.run(
        ["sh", FOLDER / "oss-fuzz.sh"], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True
    )
    assert done.returncode != 0 and "OUT" in done.stderr
