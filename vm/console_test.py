"""What is shown of a console."""

import pytest

from vm.console import shown, tail


class Broken(Exception):
    pass


def test_the_tail_is_the_last_lines_whatever_their_bytes(tmp_path):
    console = tmp_path / "console"
    console.write_bytes(b"x" * 100_000 + b"\none\n\xfftwo\n")

    assert tail(console, 2) == "one\n\N{REPLACEMENT CHARACTER}two"


def test_a_failure_comes_with_the_console(tmp_path):
    console = tmp_path / "console"
    console.write_text("Booting\nOops\n")

    with pytest.raises(Broken, match="^QEMU is gone; its console:\nBooting\nOops$"):
        with shown(console, Broken):
            raise Broken("QEMU is gone")


@pytest.mark.parametrize("written", [None, ""])
def test_a_failure_before_the_first_word_comes_alone(tmp_path, written):
    console = tmp_path / "console"
    if written is not None:
        console.write_text(written)

    with pytest.raises(Broken, match="^QEMU is gone$"):
        with shown(console, Broken):
            raise Broken("QEMU is gone")


def test_other_failures_pass_as_they_are(tmp_path):
    console = tmp_path / "console"
    console.write_text("Oops")

    with pytest.raises(KeyError, match="^'other'$"):
        with shown(console, Broken):
            raise KeyError("other")
