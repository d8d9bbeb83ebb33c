"""Settings: the database, secrets, and the present."""

import pytest

from engine.domain.errors import SetupError, UsageError
from engine.settings import load


def settings(folder, config="", **environment):
    (folder / "config.yaml").write_text(config)
    return load(folder, environment)


def test_a_relative_sqlite_file_lies_in_the_project(tmp_path):
    assert settings(tmp_path).database_url() == f"sqlite:///{tmp_path}/sincerely.db"
    chosen = settings(tmp_path, "database: sqlite:///data/x.db")
    assert chosen.database_url() == f"sqlite:///{tmp_path}/data/x.db"
    absolute = settings(tmp_path, "database: sqlite:////var/x.db")
    assert absolute.database_url() == "sqlite:////var/x.db"


def test_the_environment_overrules_the_config(tmp_path):
    chosen = settings(
        tmp_path, "database: sqlite:///a.db", SINCERELY_DATABASE="postgresql://shop@db/mail"
    )
    assert chosen.database_url() == "postgresql://shop@db/mail"


def test_a_config_with_mistakes_still_says_where_the_database_is(tmp_path):
    chosen = settings(tmp_path, "database: sqlite:///a.db\npolicy: [\n  not: {what, it: is\n")
    assert chosen.database_url().endswith("/sincerely.db")
    chosen = settings(
        tmp_path, "database: sqlite:///a.db\npolicy: nonsense\ncompany: { time_zone: Mars }\n"
    )
    assert chosen.database_url().endswith("/a.db")
    assert chosen.zone.key == "UTC"


def test_a_secret_comes_from_the_environment_and_a_missing_one_is_named(tmp_path):
    references = {"sendgrid": "$SENDGRID_API_KEY"}
    assert settings(tmp_path, SENDGRID_API_KEY="SG.x").secret("sendgrid", references) == "SG.x"
    with pytest.raises(SetupError, match="SENDGRID_API_KEY, which is not set"):
        settings(tmp_path).secret("sendgrid", references)
    with pytest.raises(SetupError, match="has no `links`"):
        settings(tmp_path).secret("links", references)


def test_settings_do_not_show_their_secrets(tmp_path):
    assert "SG.x" not in repr(settings(tmp_path, SENDGRID_API_KEY="SG.x"))


@pytest.mark.parametrize("text", ["soon", "2026-13-01", "20260304", "2026-03-04 25:00", "10:00"])
def test_what_is_no_time_is_refused(tmp_path, text):
    with pytest.raises(UsageError, match="is not a time"):
        load(tmp_path, {}, text)


@pytest.mark.parametrize("text", ["1899-12-31", "2201-06-01", "9999-12-31 23:00"])
def test_a_year_that_no_import_takes_is_refused(tmp_path, text):
    with pytest.raises(UsageError, match="1900 to 2200"):
        load(tmp_path, {}, text)
