"""A few hundred inventions through every door; `make fuzz` sends a hundred thousand."""

from tests.fuzzing.play import MOST_GROWN, PER_SEED, WARM, Tally, growth, play_seeds


def test_a_few_hundred_inventions() -> None:
    tally = Tally()
    play_seeds(0, 2, tally)
    assert (tally.broken, tally.slow) == ([], [])
    assert sum(tally.inputs.values()) == 2 * PER_SEED
    # Neither all refused nor all taken: what is invented reaches further than the door.
    assert all(0 < tally.refused[door] < count for door, count in tally.inputs.items())


def test_growth_is_told_from_when_caches_are_full() -> None:
    assert growth([100, 200, 300]) == 0
    filled = [*range(10, 10 + 10 * WARM, 10), 100]
    assert growth([*filled, 102, 101]) == 101 / 100 - 1 < MOST_GROWN < growth([*filled, 111, 120])
