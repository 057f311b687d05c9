"""The library as others find it: a program of theirs is configured, built against an installation, and run."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from harness.package.conftest import Installed

CONSUMER = Path(__file__).with_name("consumer")


def run(*command: object, **settings: object) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_cmake_finds_it(installed: Installed, tmp_path: Path) -> None:
    run("cmake", "-S", CONSUMER, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={installed.prefix}", "-G", "Ninja")
    run("cmake", "--build", tmp_path)
    assert run(tmp_path / "consumer") == "ready 1\n"


def test_pkg_config_finds_it(installed: Installed, tmp_path: Path) -> None:
    environment = os.environ | {"PKG_CONFIG_PATH": str(installed.prefix / "lib" / "pkgconfig")}
    flags = shlex.split(run("pkg-config", "--cflags", "--libs", "notifyspec-receiver", env=environment))
    program = tmp_path / "consumer"
    run("c++", "-std=c++23", CONSUMER / "consumer.cc", "-o", program, *flags)
    assert run(program) == "ready 1\n"


def test_a_component_that_does_not_exist_is_refused(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.23)\nproject(asks LANGUAGES CXX)\n"
        "find_package(notifyspec REQUIRED COMPONENTS wire sender)\n"
    )
    call = ["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={installed.prefix}"]
    refused = subprocess.run(call, capture_output=True, text=True)
    assert refused.returncode != 0
    assert "sender" in refused.stderr
