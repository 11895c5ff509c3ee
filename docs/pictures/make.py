#!/usr/bin/env python3
"""Makes the pictures of the documents anew, from the samples and the program itself.

    cargo build
    python docs/pictures/make.py [--bieu target/debug/bieu] [NAME ...]

Needs chromium, soffice (LibreOffice) and pdftoppm (poppler) on PATH, the font Noto Sans Mono (Debian:
fonts-noto-mono; most others of one width lack letters such as "ố"), and no Python package; those of the
page also node, and what `.ci/run` installs in target/browser. Look at
each picture before it is committed; none may be larger than 150 KiB.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SAMPLES = ROOT / "samples"
LIMIT = 150 * 1024

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff }}
pre {{ margin: 0; padding: 14px 18px; width: {columns}ch; background: #fbfbf9; border: 1px solid #c9c9c4;
  border-radius: 6px; font: 14px/19px "Noto Sans Mono", monospace; color: #222 }}
b {{ color: #0b5394 }} i {{ font-style: normal; font-weight: bold; color: #b3261e }}
u {{ text-decoration: none; font-weight: bold; color: #8a5a00 }} s {{ text-decoration: none; color: #777 }}
</style><pre>{text}</pre>"""


class Maker:
    def __init__(self, bieu: Path, work: Path):
        self.bieu, self.work = bieu, work

    def sample(self, name: str, to: str) -> None:
        shutil.copytree(SAMPLES / name, self.work / to)

    def run(self, line: str) -> str:
        """What a command prints, notes first as on a terminal they come with the rest."""
        done = subprocess.run([self.bieu, *line.split()[1:]], cwd=self.work, text=True, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{line}: {done.stdout}")
        return done.stdout.rstrip("\n")

    def browser(self, page: Path, width: int, height: int, out: Path) -> None:
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        "--force-device-scale-factor=1", f"--window-size={width},{height}",
                        f"--user-data-dir={self.work / 'chromium'}", f"--screenshot={out}", page.as_uri()],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def terminal(self, name: str, line: str, text: str) -> None:
        """A command and what it printed, as a window."""
        lines = [f"$ {line}", *text.split("\n")]
        columns = max(82, *(len(text) for text in lines))
        text = html.escape("\n".join(lines), quote=False)
        text = re.sub(r"^(\$ .*)$", r"<b>\1</b>", text, flags=re.M)
        text = re.sub(r"^(lỗi\[[a-z-]+\])", r"<i>\1</i>", text, flags=re.M)
        text = re.sub(r"^((?:cảnh báo|lưu ý)\[[a-z-]+\])", r"<u>\1</u>", text, flags=re.M)
        text = re.sub(r"^(\s*…)$", r"<s>\1</s>", text, flags=re.M)
        page = self.work / f"{name}.html"
        page.write_text(PAGE.format(columns=columns, text=text), encoding="utf-8")
        # A letter of this font and size is 8.4 points wide, with room and border around them.
        self.browser(page, int(columns * 8.4) + 42, len(lines) * 19 + 32, HERE / f"{name}.png")

    def printed(self, name: str, workbook: Path, page: int, dpi: int = 80, height: int | None = None) -> None:
        """A page of a workbook, as it is printed, or as much of it as is said."""
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation={(self.work / 'office').as_uri()}",
                        "--convert-to", "pdf", "--outdir", self.work, workbook],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pdf = self.work / f"{workbook.stem}.pdf"
        subprocess.run(["pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile",
                        *(["-x", "0", "-y", "0", "-W", "2000", "-H", str(height)] if height else []), pdf, HERE / name], check=True)


def shrink(path: Path) -> None:
    """Writes a PNG of 8 bits a channel anew with a palette: a third of the size, and nobody sees it."""
    data = path.read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    if depth != 8 or kind not in (2, 6):
        return
    packed, at = b"", 8
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    raw, bytes_each = zlib.decompress(packed), 3 if kind == 2 else 4
    stride = width * bytes_each
    above, rows = bytearray(stride), []
    for y in range(height):
        start = y * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        unfilter(raw[start], row, above, bytes_each)
        rows.append([(row[x] & 0xF8, row[x + 1] & 0xF8, row[x + 2] & 0xF8) for x in range(0, stride, bytes_each)])
        above = row
    palette = [colour for colour, _ in Counter(colour for row in rows for colour in row).most_common(256)]
    known = {colour: at for at, colour in enumerate(palette)}

    def nearest(colour: tuple[int, int, int]) -> int:
        if colour not in known:
            known[colour] = min(range(len(palette)), key=lambda at: sum((a - b) ** 2 for a, b in zip(palette[at], colour)))
        return known[colour]

    lines = b"".join(b"\0" + bytes(nearest(colour) for colour in row) for row in rows)
    colours = bytes(channel | channel >> 5 for colour in palette for channel in colour)
    out = b"\x89PNG\r\n\x1a\n"
    for name, body in ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)), (b"PLTE", colours),
                       (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")):
        out += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    path.write_bytes(out)


def unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    """Undoes the filter of a line of a PNG (section 9 of its specification)."""
    for x in range(len(row)):
        left, up, corner = (row[x - step] if x >= step else 0), above[x], (above[x - step] if x >= step else 0)
        if kind == 4:
            guess = left + up - corner
            gaps = abs(guess - left), abs(guess - up), abs(guess - corner)
            add = (left, up, corner)[gaps.index(min(gaps))]
        else:
            add = (0, left, up, (left + up) // 2)[kind]
        row[x] = (row[x] + add) & 0xFF


def excerpt(text: str, *parts: tuple[int, int]) -> str:
    """Some lines of many, with a sign where others are left out."""
    lines, out, last = text.split("\n"), [], 0
    for first, end in parts:
        end = min(end, len(lines))
        if first > last:
            out.append("…")
        out.extend(lines[first:end])
        last = end
    return "\n".join([*out, *(["…"] if last < len(lines) else [])])


def findings(text: str, *cells: str) -> str:
    """The findings at these cells, and the closing lines."""
    blocks = text.split("\n\n")
    out = []
    for cell in cells:
        out.extend(block for block in blocks if re.search(rf"--> .*(?:\n    .*)?{re.escape(cell)} =", block))
    return "\n\n".join(["…", *out, "…", blocks[-1]])


def draft(m: Maker) -> None:
    m.sample("luc-binh-2023", "so-lieu-2023")
    line = "bieu draft so-lieu-2023 --catalogue chi-tieu"
    m.terminal("nhap", line, m.run(line))
    line = "bieu mapping check so-lieu-2023 --against so-lieu-2023"
    text = m.run(line)
    m.terminal("doi-chieu", line, excerpt(text, (0, 31)))


def validate(m: Maker) -> None:
    m.sample("luc-binh-2023", "so-lieu-2023")
    m.run("bieu draft so-lieu-2023 --catalogue chi-tieu")
    line = "bieu validate so-lieu-2023"
    m.terminal("kiem-tra", line, findings(m.run(line), "F20", "E9"))


def year(m: Maker) -> None:
    m.sample("luc-binh-2023", "so-lieu-2023")
    m.run("bieu convert so-lieu-2023 -o bieu-2023.xlsx --annotate danh-dau --quiet")
    m.printed("bieu-2023", m.work / "bieu-2023.xlsx", 1)
    m.printed("sheet-kiem-tra", m.work / "bieu-2023.xlsx", 3)
    m.printed("tong-hop-2023", m.work / "bieu-2023.xlsx", 7, dpi=70, height=670)
    m.printed("danh-dau", m.work / "danh-dau/trong-trot-2023.xlsx", 3, height=640, dpi=90)


def form(name: str, dpi: int = 80):
    def make(m: Maker) -> None:
        m.sample(name, name)
        m.run(f"bieu convert {name} -o {name}.xlsx --quiet")
        m.printed(name, m.work / f"{name}.xlsx", 1, dpi)

    return make


def report(m: Maker) -> None:
    m.sample("luc-binh-2023", "nop-ve/xa-1")
    m.sample("luc-binh-2023-da-sua", "nop-ve/xa-2")
    (m.work / "nop-ve/xa-3").mkdir()
    # A file that broke on its way.
    whole = (SAMPLES / "luc-binh-2023/giao-duc.xlsx").read_bytes()
    (m.work / "nop-ve/xa-3/giao-duc.xlsx").write_bytes(whole[: len(whole) // 2])
    subprocess.run([m.bieu, "validate", "nop-ve", "--quiet", "--report", "bao-cao.html"], cwd=m.work,
                   stdout=subprocess.DEVNULL, check=False)
    page = m.work / "bao-cao.html"
    text = page.read_text(encoding="utf-8")
    # Parts of the page: without the list of codes, the first office opened, and of its sheets one.
    text = text.replace("</head>", '<style>section[aria-labelledby="codes"] { display: none }</style></head>', 1)
    text = re.sub(r"<details(?=[^>]*>\s*<summary><h3><bdi>nop-ve/xa-1<)", "<details open", text, count=1)
    opened = text.index("<details open")
    first, shown = text.index("<h4>", opened), text.index("<h4><bdi>nop-ve/xa-1/ra-soat", opened)
    above = re.sub(r'<p class="open">.*?</p>', "", text[opened:first], flags=re.S)
    page.write_text(text[:opened] + above + text[shown:], encoding="utf-8")
    m.browser(page, 1000, 1500, HERE / "bao-cao.png")


def app(m: Maker) -> None:
    """The page of `bieu app`, by a script for Chromium (see app.mjs)."""
    subprocess.run(["node", HERE / "app.mjs"], cwd=ROOT, check=True, env={**os.environ, "BIEU": str(m.bieu)})


PICTURES = {
    "draft": draft, "validate": validate, "year": year, "report": report, "app": app,
    "bieu-3-nam-2024": form("bieu-3-nam-2024"), "bieu-5-nam-2025": form("bieu-5-nam-2025"),
    "bieu-6-thang-2024": form("bieu-6-thang-2024"), "bieu-thon-2024": form("bieu-thon-2024", 60),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bieu", type=Path, default=ROOT / "target/debug/bieu")
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(PICTURES)}; all by default")
    args = parser.parse_args()
    for name in args.name:
        if name not in PICTURES:
            parser.error(f"{name}: one of {', '.join(PICTURES)}")
    for name in args.name or PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            PICTURES[name](Maker(args.bieu.resolve(), Path(folder)))
    for picture in sorted(HERE.glob("*.png")):
        shrink(picture)
        size = picture.stat().st_size
        print(f"{picture.name}: {size // 1024} KiB{' TOO LARGE' if size > LIMIT else ''}")


if __name__ == "__main__":
    main()
