"""Our failures: what keeps a boot from being played, and says nothing of the system under test.

A machine that lacks something is told apart: EnvironmentUnfit has a remedy, and what nobody asked for by name is then
left out.
"""

from __future__ import annotations

from harness.crew import JobDied
from harness.recorder import RecorderFailed
from harness.vantage import HostNotBooted
from harness.vectors.receiver import PlayerFailed
from vm.machine import MachineFailed
from vm.qmp import QmpFailed
from vm.vsock_device import DeviceFailed

OUR_FAILURES = (RecorderFailed, HostNotBooted, MachineFailed, DeviceFailed, QmpFailed, PlayerFailed, JobDied)
