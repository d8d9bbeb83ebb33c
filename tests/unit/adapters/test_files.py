"""A project's folder as texts and pictures."""

from engine.adapters.files import read_assets, read_sources
from engine.language.nodes import MOST_CHARACTERS


def write(folder, name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_the_texts_of_a_project_come_by_their_path(tmp_path):
    write(tmp_path, "config.yaml", b"company: {}\r\n")
    write(tmp_path, "config.example.yaml", b"other")
    write(tmp_path, "journeys/a.yaml", b"\xef\xbb\xbfjourney: a")
    write(tmp_path, "templates/onboarding/welcome.md.j2", "Grüße".encode())
    write(tmp_path, "templates/_assets/logo.png", b"\x89PNG")
    write(tmp_path, "templates/_assets/notes.yaml", b"no template")
    write(tmp_path, "journeys/.draft.yaml", b"hidden")
    write(tmp_path, "README.md", b"not ours")
    assert dict(read_sources(tmp_path)) == {
        "config.yaml": "company: {}\n",
        "journeys/a.yaml": "journey: a",
        "templates/onboarding/welcome.md.j2": "Grüße",
    }
    assert read_assets(tmp_path)["logo.png"] == b"\x89PNG"


def test_a_fresh_checkout_has_only_the_example_config(tmp_path):
    write(tmp_path, "config.example.yaml", b"company: {}")
    assert list(read_sources(tmp_path)) == ["config.example.yaml"]


def test_links_out_of_the_project_are_not_followed(tmp_path):
    write(tmp_path, "secret.yaml", b"secret")
    write(tmp_path, "outside/deep.yaml", b"secret")
    project = tmp_path / "project"
    write(project, "journeys/a.yaml", b"mine")
    (project / "journeys/b.yaml").symlink_to(tmp_path / "secret.yaml")
    (project / "journeys/same.yaml").symlink_to(project / "journeys/a.yaml")
    (project / "segments").symlink_to(tmp_path / "outside")
    assert dict(read_sources(project)) == {"journeys/a.yaml": "mine", "journeys/same.yaml": "mine"}


def test_hostile_files_come_in_a_form_that_the_language_reports(tmp_path):
    write(tmp_path, "journeys/big.yaml", b"x" * (MOST_CHARACTERS + 500))
    write(tmp_path, "journeys/binary.yaml", b"a\xffb\x00")
    sources = read_sources(tmp_path)
    assert len(sources["journeys/big.yaml"]) == MOST_CHARACTERS + 1
    assert sources["journeys/binary.yaml"] == "a\udcffb\x00"
