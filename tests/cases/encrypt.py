"""Writes the encrypted inputs of `encrypted-file`, and checks each by decrypting it with msoffcrypto-tool.

    pip install msoffcrypto-tool && python3 tests/cases/encrypt.py

The package encrypted with agile is msoffcrypto-tool's own work (other bytes every time, so it is made only where
it is missing); what that cannot write is written here by [MS-OFFCRYPTO], apart from the program's own reader.
"""

import hashlib
import io
import pathlib
import struct
import zipfile

import msoffcrypto
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.xor_obfuscation import DocumentXOR

import make

PASSWORD = "VelvetSweatshop"
FOLDER = "encrypted-file/clean-mat-khau-mac-dinh"
ROWS = [("Chỉ tiêu", "Kế hoạch", "Thực hiện"), ("Đàn trâu", 120, 118), ("Đàn bò", 850, 862)]
SALT = bytes(range(16))
VERIFIER = bytes(range(100, 116))


def words(*values):
    return struct.pack(f"<{len(values)}H", *values)


def longs(*values):
    return struct.pack(f"<{len(values)}I", *values)


def aes_ecb(key, data):
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return encryptor.update(data + bytes(-len(data) % 16)) + encryptor.finalize()


def standard(package):
    """Excel 2007: EncryptionInfo 3.2, AES of 128 bits."""
    digest = hashlib.sha1(SALT + PASSWORD.encode("utf-16-le")).digest()
    for number in range(50_000):
        digest = hashlib.sha1(longs(number) + digest).digest()
    digest = hashlib.sha1(digest + longs(0)).digest()
    key = hashlib.sha1(bytes(a ^ b for a, b in zip(digest + bytes(44), b"\x36" * 64))).digest()[:16]
    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = longs(0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + name
    check = aes_ecb(key, hashlib.sha1(VERIFIER).digest())
    info = words(3, 2) + longs(0x24, len(header)) + header
    info += longs(16) + SALT + aes_ecb(key, VERIFIER) + longs(20) + check
    out = io.BytesIO()
    ECMA376Encrypted(struct.pack("<Q", len(package)) + aes_ecb(key, package), info).write_to(out)
    return out.getvalue()


def agile(package):
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(package)).encrypt(PASSWORD, out)
    return out.getvalue()


def rc4(key, data):
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def cell(row, column, value):
    if isinstance(value, str):
        return 0x0204, words(row, column, 0, len(value)) + b"\1" + value.encode("utf-16-le")
    return 0x0203, words(row, column, 0) + struct.pack("<d", value)


def stream(filepass):
    """A workbook of one sheet, with room for the record about its encryption: (records, offset of the sheet)."""
    bof = lambda kind: (0x0809, words(0x0600, kind, 0x0DBB, 0x07CC) + longs(0, 6))
    name = "Chăn nuôi"
    listed = lambda at: (0x0085, longs(at) + words(0) + bytes([len(name), 1]) + name.encode("utf-16-le"))
    # A long text, so that more than one block of 1,024 bytes is there.
    head = lambda at: [bof(5), (0x002F, filepass), (0x0042, words(1200)), (0x005C, b" " * 1500), listed(at), (0x000A, b"")]
    at = sum(4 + len(data) for _, data in head(0))
    cells = [cell(row, column, value) for row, line in enumerate(ROWS) for column, value in enumerate(line)]
    dimensions = (0x0200, longs(0, len(ROWS)) + words(0, len(ROWS[0]), 0))
    return head(at) + [bof(0x10), dimensions] + cells + [(0x000A, b"")]


def encrypted(records, cover):
    """The records, their bodies covered by a function of place, length of the body and bytes."""
    out = b""
    for kind, data in records:
        start = len(out) + 4
        plain = len(data) if kind in (0x0809, 0x002F) else 4 if kind == 0x0085 else 0
        body = data[:plain] + cover(start + plain, start + len(data), data[plain:])
        out += words(kind, len(data)) + body
    # Filled up behind the end as one record more: msoffcrypto-tool takes nothing less than a whole one.
    left = -(len(out) + 4) % 4096
    return compound(out + words(0x005C, left) + bytes(left))


def blocks(key):
    def cover(at, _, data):
        out = b""
        while data:
            number, skip = divmod(at, 1024)
            piece = data[: 1024 - skip]
            out += rc4(key(number), bytes(skip) + piece)[skip:]
            at, data = at + len(piece), data[len(piece) :]
        return out

    return cover


def rc4_md5():
    digest = hashlib.md5(PASSWORD.encode("utf-16-le")).digest()[:5]
    digest = hashlib.md5((digest + SALT) * 16).digest()[:5]
    key = lambda number: hashlib.md5(digest + longs(number)).digest()
    check = rc4(key(0), VERIFIER + hashlib.md5(VERIFIER).digest())
    return encrypted(stream(words(1, 1, 1) + SALT + check), blocks(key))


def cryptoapi(bits):
    digest = hashlib.sha1(SALT + PASSWORD.encode("utf-16-le")).digest()

    def key(number):
        short = hashlib.sha1(digest + longs(number)).digest()[: bits // 8]
        return short + bytes(11) if bits == 40 else short

    name = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
    header = longs(4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + name
    check = rc4(key(0), VERIFIER + hashlib.sha1(VERIFIER).digest())
    info = words(1, 3, 2) + longs(4, len(header)) + header + longs(16) + SALT + check[:16] + longs(20) + check[16:]
    return encrypted(stream(info), blocks(key))


def xor():
    key = DocumentXOR.create_xor_key_method1(PASSWORD)
    mask = DocumentXOR.create_xor_array_method1(PASSWORD)

    def cover(at, end, data):
        start = end + (at - bodies[end])
        return bytes(DocumentXOR.rol(byte, 5, 8) ^ mask[(start + n) % 16] for n, byte in enumerate(data))

    records = stream(words(0, key, 0x9A0A))
    bodies, at = {}, 0
    for _, data in records:
        bodies[at + 4 + len(data)] = at + 4
        at += 4 + len(data)
    return encrypted(records, cover)


def compound(content):
    """A compound file of one stream, `Workbook`, of at least 4,096 bytes."""
    content += bytes(-len(content) % 512)
    sectors = len(content) // 512
    table = longs(0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE).ljust(512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + words(0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += longs(1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * (108 * 4)

    def entry(name, kind, child, start, size):
        text = (name + "\0").encode("utf-16-le")
        return (
            text.ljust(64, b"\0") + words(len(text)) + bytes([kind, 1]) + longs(0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36) + longs(start, size, 0)
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(content))
    return head + table + directory.ljust(512, b"\0") + content


def large(package):
    """The package with a part that fills it up: a stream below 4,096 bytes lies elsewhere in a compound file, and that
    ECMA376Encrypted cannot write."""
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(zipfile.ZipInfo("docProps/blank.bin", (1980, 1, 1, 0, 0, 0)), bytes(4000))
    return out.getvalue()


def main():
    package = large(make.xlsx(make.cells(ROWS)))
    made = {
        "chan-nuoi-agile.xlsx": lambda: agile(package),
        "chan-nuoi-standard.xlsx": lambda: standard(package),
        "chan-nuoi-rc4.xls": rc4_md5,
        "chan-nuoi-cryptoapi-40.xls": lambda: cryptoapi(40),
        "chan-nuoi-cryptoapi-128.xls": lambda: cryptoapi(128),
        "chan-nuoi-xor.xls": xor,
    }
    for name, content in made.items():
        path = make.HERE / FOLDER / "input" / name
        if "agile" not in name or not path.exists():
            make.write(FOLDER, name, content())
        with path.open("rb") as file:
            office, out = msoffcrypto.OfficeFile(file), io.BytesIO()
            office.load_key(PASSWORD)
            office.decrypt(out)
        inside = out.getvalue()
        found = inside == package if name.endswith("x") else "Đàn trâu".encode("utf-16-le") in inside
        print(name, path.stat().st_size, "as msoffcrypto-tool reads it" if found else "DIFFERENT")


if __name__ == "__main__":
    main()
