#!/usr/bin/env python3
"""Packs what is handed out: programs, guide, samples, mappings, licences and sums, as one .zip.

    python3 xtask/package.py --programs target/release --target x86_64-pc-windows-msvc [--out target/package]

The same files give the same bytes. Prints what is in it.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ["bieu", "bieu-app"]
GUIDES = ["cai-dat.md", "huong-dan.md", "ung-dung.md"]
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
# Names of the files in which crates keep their licences.
LICENCE_FILE = re.compile(r"(?i)^(licen[sc]e|copying|notice|unlicense|copyright)")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# Bytes of a file in a .zip say when it was made; nobody needs to know.
MADE = (1980, 1, 1, 0, 0, 0)

FIRST = """\
bieu {version}

Windows: bấm đúp bieu-app.exe (không cần quyền quản trị, không cần cài gì khác).
Hệ điều hành khác: gõ ./bieu app trong cửa sổ lệnh.

docs/cai-dat.md     cài đặt, kiểm tra tệp tải về, gỡ bỏ
docs/ung-dung.md    làm trên trang trong trình duyệt
docs/huong-dan.md   làm bằng lệnh
samples/            bộ số liệu mẫu để làm thử
mappings/           các bảng ánh xạ và danh mục có sẵn trong chương trình, để xem
SHA256SUMS.txt      mã SHA-256 của từng tệp
GIAY-PHEP-THU-VIEN.txt   giấy phép của các thư viện trong chương trình
"""


def guides():
    """The guides, all documents that they lead to, and the pictures in them."""
    found, ahead = {}, [ROOT / "docs" / name for name in GUIDES]
    while ahead:
        path = ahead.pop()
        if path in found:
            continue
        found[path] = path.relative_to(ROOT).as_posix()
        if path.suffix != ".md":
            continue
        for link in LINK.findall(path.read_text(encoding="utf-8")):
            target = (path.parent / link).resolve()
            if re.match(r"\w+:", link) or not target.is_relative_to(ROOT / "docs"):
                continue
            ahead.append(target)
    return found


def dependencies(target):
    """The crates that are in the programs, without those of tests and of building alone."""
    command = [os.environ.get("CARGO", "cargo"), "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    wanted, ahead = set(), [told["resolve"]["root"]]
    while ahead:
        one = ahead.pop()
        if one in wanted:
            continue
        wanted.add(one)
        for dep in nodes[one]["deps"]:
            if any(kind["kind"] is None for kind in dep["dep_kinds"]):
                ahead.append(dep["pkg"])
    wanted.discard(told["resolve"]["root"])
    found = [package for package in told["packages"] if package["id"] in wanted]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def licences(target):
    """One text with the licences of all libraries; a text that many share stands there once."""
    texts, lines = {}, []
    for package in dependencies(target):
        folder = Path(package["manifest_path"]).parent
        files = sorted(path for path in folder.iterdir() if path.is_file() and LICENCE_FILE.match(path.name))
        numbers = []
        for path in files:
            text = "\n".join(line.rstrip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
            numbers.append(texts.setdefault(text.strip(), len(texts) + 1))
        stated = package["license"] or "xem văn bản"
        where = "văn bản số " + ", ".join(map(str, numbers)) if numbers else "không kèm văn bản trong gói nguồn"
        lines.append(f"{package['name']} {package['version']}: {stated} ({where})")
    head = "Thư viện trong chương trình bieu, và thư viện chuẩn của Rust (MIT OR Apache-2.0).\n"
    parts = [head + "\n" + "\n".join(lines) + "\n"]
    for text, number in texts.items():
        parts.append(f"\n{'=' * 30} văn bản số {number} {'=' * 30}\n\n{text}\n")
    return "".join(parts).encode(), len(lines)


def sum_of(data):
    return hashlib.sha256(data).hexdigest()


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=Path, required=True, help="folder of the programs")
    parser.add_argument("--target", required=True, help="the system that they run on")
    parser.add_argument("--out", type=Path, default=ROOT / "target/package")
    asked = parser.parse_args()
    version = re.search(r'(?m)^version = "([^"]+)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"))[1]
    name = f"bieu-{version}-{asked.target}"

    packed = {"DOC-TRUOC.txt": FIRST.format(version=version).replace("\n", "\r\n").encode()}
    ending = ".exe" if "windows" in asked.target else ""
    for program in PROGRAMS:
        packed[program + ending] = (asked.programs / (program + ending)).read_bytes()
    for path, below in guides().items():
        packed[below] = path.read_bytes()
    for folder, kinds in [("samples", None), ("mappings", {".toml"})]:
        for path in sorted((ROOT / folder).rglob("*")):
            is_own = path.suffix not in {".py", ".pyc"} and path.name != "requirements.txt"
            if path.is_file() and is_own and (kinds is None or path.suffix in kinds):
                packed[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    for licence in LICENCES:
        packed[licence] = (ROOT / licence).read_bytes()
    packed["GIAY-PHEP-THU-VIEN.txt"], crates = licences(asked.target)
    sums = "".join(f"{sum_of(data)}  {below}\n" for below, data in sorted(packed.items()))
    packed["SHA256SUMS.txt"] = sums.encode()

    asked.out.mkdir(parents=True, exist_ok=True)
    archive = asked.out / f"{name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for below, data in sorted(packed.items()):
            entry = zipfile.ZipInfo(f"{name}/{below}", MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            mode = 0o755 if below.split(".")[0] in PROGRAMS else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            out.writestr(entry, data)
    data = archive.read_bytes()
    (asked.out / f"{name}.zip.sha256").write_text(f"{sum_of(data)}  {archive.name}\n", encoding="utf-8", newline="\n")
    for below, content in sorted(packed.items()):
        print(f"{len(content):>10}  {below}")
    print(f"{len(data):>10}  {archive.name}: {len(packed)} files, licences of {crates} libraries\n{sum_of(data)}")


if __name__ == "__main__":
    main()
