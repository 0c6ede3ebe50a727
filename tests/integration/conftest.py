"""What comes onto the topics while a test runs."""

from __future__ import annotations

import pytest

from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.stories.model import Story
from tests.services import Watch, letters


@pytest.fixture
def stories(stack: Settings) -> Watch:
    """The stories that are published from now on."""
    return Watch(stack, STORIES, Story)


@pytest.fixture
def dead(stack: Settings) -> Watch:
    """The dead letters from now on."""
    return letters(stack)
