"""What pyproject.toml cannot say: a wheel brings the sample business of the top folders along."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SAMPLE = ("config.example.yaml", "journeys", "segments", "templates")


class BuildWithSample(build_py):
    """Copies the sample business into the built package, as `engine/sample_business`."""

    def run(self) -> None:
        """Build as usual, then copy. An editable install reads the top folders themselves."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "engine" / "sample_business"
        for name in SAMPLE:
            files = [Path(name)] if Path(name).is_file() else sorted(Path(name).rglob("*"))
            for file in files:
                if file.is_file():
                    (target / file).parent.mkdir(parents=True, exist_ok=True)
                    self.copy_file(str(file), str(target / file))


setup(cmdclass={"build_py": BuildWithSample})
