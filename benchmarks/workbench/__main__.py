"""`python -m benchmarks.workbench [part …]`: print the figures of the workbench as one JSON document."""

import argparse
import json
import sys

from benchmarks.__main__ import machine
from benchmarks.ground import call, ground

PARTS = ("beside", "sitting", "lighthouse")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workbench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of: {', '.join(PARTS)} (default: all)")
    parts = parser.parse_args().parts or list(PARTS)
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are: {', '.join(PARTS)}")
    with ground("workbench"):
        figures = call("benchmarks.workbench.whole:measure", parts=parts).result
    json.dump({"machine": machine(), "workbench": figures}, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
