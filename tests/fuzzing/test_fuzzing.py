"""A few hundred inventions through every door; `make fuzz` sends a hundred thousand."""

from tests.fuzzing.play import PER_SEED, Tally, play_seeds


def test_a_few_hundred_inventions() -> None:
    tally = Tally()
    play_seeds(0, 2, tally)
    assert (tally.broken, tally.slow) == ([], [])
    assert sum(tally.inputs.values()) == 2 * PER_SEED
    # Neither all refused nor all taken: what is invented reaches further than the door.
    assert all(0 < tally.refused[door] < count for door, count in tally.inputs.items())
