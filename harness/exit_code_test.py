from itertools import permutations

from harness.exit_code import ExitCode, worst


def test_the_worst_wins_in_the_order_of_the_contract() -> None:
    order = [1, 4, 5, 3, 6, 0]
    for a, b in permutations(order, 2):
        assert worst([ExitCode(a), ExitCode(b)]) == min(a, b, key=order.index)


def test_no_run_is_not_a_success() -> None:
    assert worst([]) is ExitCode.NOTHING_RAN
