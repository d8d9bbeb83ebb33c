"""Only what pyproject.toml cannot say: a wheel brings the sample business along.

The Cozy Coffee Shop lives once, at the top of the repository. `sincerely init` finds it there in a
checkout and under `engine/sample_business` in an installed package.
"""

from pathlib import Path
from shutil import copyfile, copytree

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("journeys", "segments", "templates")
CONFIG = "config.example.yaml"


class BuildWithSample(build_py):
    """Copies the sample business into the wheel; an editable install needs no copy."""

    def run(self) -> None:
        """Build the package, then add the sample."""
        super().run()
        if self.editable_mode:
            return
        top, target = Path(__file__).parent, Path(self.build_lib, "engine", "sample_business")
        for name in FOLDERS:
            copytree(top / name, target / name, dirs_exist_ok=True)
        copyfile(top / CONFIG, target / CONFIG)


setup(cmdclass={"build_py": BuildWithSample})
