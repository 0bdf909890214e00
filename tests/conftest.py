"""What all tests share: `--bless`, golden files, real data, and how hard Hypothesis tries."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.blessing import Golden

# No deadlines: how long one example takes says more about the machine than about us.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("ORGSIM_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that accepts today's output as the expected one."""
    parser.addoption(
        "--bless",
        action="store_true",
        help="rewrite golden files and outputs in the documentation",
    )


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether differences are to be accepted instead of reported."""
    return bool(request.config.getoption("--bless"))


@pytest.fixture
def golden(request: pytest.FixtureRequest, *, bless: bool) -> Golden:
    """Compare text with a file beside the test: `golden("name.txt", text)`."""
    return Golden(request.path.parent, bless)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data; tests that use it are marked `data`."""
    named = os.environ.get("ORGSIM_DATA")
    if not named:
        pytest.skip("ORGSIM_DATA is not set: no real data to test against")
    return Path(named)
