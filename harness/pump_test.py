"""What goes into the pipe comes out of the pump, and nobody waits for its reader."""

import os

import pytest

from harness.pump import Pump
from vm.deadline import Deadline


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def test_a_writer_never_waits(pipe):
    reading, writing = pipe
    pump = Pump(reading)

    os.write(writing, b"x" * (1 << 22))  # many times what a pipe holds
    os.close(writing)

    assert pump.rest() == b"x" * (1 << 22)
    pump.join()


def test_the_end_is_told_once_and_by_itself(pipe):
    reading, writing = pipe
    pump = Pump(reading)
    os.write(writing, b"last words")
    os.close(writing)

    heard = []
    while not heard or heard[-1]:
        Deadline(5).wait(pump.fileno())
        heard.append(pump.take())

    assert b"".join(heard) == b"last words"
    pump.join()
