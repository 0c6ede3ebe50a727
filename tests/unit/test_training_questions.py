from __future__ import annotations

from training.questions import find_mention


def test_a_mention_is_found_by_the_name_or_its_last_word() -> None:
    text = "Mr. Ruiz met Bruiz."
    assert find_mention(text, "Ann Ruiz") == (4, 8)
    assert find_mention(text, "ruiz") == (4, 8)
    assert find_mention(text, "Lund") is None
    assert find_mention(text, "") is None
