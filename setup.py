"""Only what pyproject.toml cannot say: a wheel brings the sample business and the migrations along.

Both live once, at the top of the repository. `sincerely init` and `sincerely db upgrade` find them
there in a checkout, and inside the package where it was installed from a wheel.
"""

from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("journeys", "segments", "templates")
CONFIG = "config.example.yaml"
CACHES = ignore_patterns("__pycache__")


class BuildWhole(build_py):
    """Copies both into the wheel; an editable install needs no copy."""

    def run(self) -> None:
        """Build the package, then add what lies outside it."""
        super().run()
        if self.editable_mode:
            return
        top, package = Path(__file__).parent, Path(self.build_lib, "engine")
        target = package / "sample_business"
        for name in FOLDERS:
            copytree(top / name, target / name, dirs_exist_ok=True, ignore=CACHES)
        copyfile(top / CONFIG, target / CONFIG)
        migrations = package / "adapters" / "db" / "migrations"
        copytree(top / "migrations", migrations, dirs_exist_ok=True, ignore=CACHES)


setup(cmdclass={"build_py": BuildWhole})
