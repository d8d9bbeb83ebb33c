"""docs/reference/openapi.yaml names every address that `serve` answers, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from starlette.routing import Route

from engine.cli.main import group
from engine.web import server
from engine.web.shell.bounds import ELSEWHERE, bounds_of
from engine.web.shell.shell import Shell
from tests.acceptance.test_cli_serve import CONFIG, KEY

OPENAPI = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.yaml"
METHODS = {"get", "post", "put", "patch", "delete", "options"}


@pytest.fixture
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Route]:
    """What `sincerely serve` would serve."""
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    monkeypatch.setenv("SINCERELY_LINK_KEY", KEY)
    served: list[Shell] = []
    monkeypatch.setattr(server, "serve", lambda app, doors, listening: served.append(app))
    for command in (["db", "upgrade"], ["serve", "--port", "0"]):
        result = CliRunner().invoke(group, command)
        assert result.exit_code == 0, result.output
    return served[0].app.routes


def documented() -> dict[str, set[str]]:
    paths = yaml.safe_load(OPENAPI.read_text())["paths"]
    return {path: METHODS & item.keys() for path, item in paths.items()}


def test_every_route_is_documented_with_its_methods(routes: list[Route]) -> None:
    known = documented()
    for route in routes:
        methods = {method.lower() for method in route.methods or ()} - {"head", "options"}
        of_route = [path for path in known if _matches(route, path)]
        assert of_route, f"{route.path} is not in openapi.yaml"
        for path in of_route:
            assert known[path] <= methods, path
        assert methods <= set[str]().union(*(known[path] for path in of_route)), route.path


def test_nothing_is_documented_that_is_not_served(routes: list[Route]) -> None:
    for path in documented():
        assert any(_matches(route, path) for route in routes), path


def test_every_route_has_bounds_of_its_own(routes: list[Route]) -> None:
    """What bears next to nothing is for addresses where nothing lives."""
    for route in routes:
        for method in route.methods or ():
            assert bounds_of(method, route.path) is not ELSEWHERE, route.path


def _matches(route: Route, path: str) -> bool:
    return route.path == path or route.path_regex.fullmatch(path) is not None
