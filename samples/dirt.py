"""The dirt that texts of real files have and nobody sees, for make.py and forms.py.

Every entry is one text of one sheet: which (1 is the first from the top; a text stands in many
cells), and what somebody left in it. The list is fixed, so that a sample made again has the same
dirt at the same places. It changes no figure and means nothing: readings and findings are those
of the clean texts, and a test counts what is here so that nobody tidies it away.

Two of five sheets have some; of real sheets about one in three has a blank behind a text alone.
"""

from __future__ import annotations

NBSP = "\u00a0"


def behind(text):
    return text + " "


def two_behind(text):
    return text + "  "


def nbsp_behind(text):
    return text + NBSP


def nbsp_within(text):
    """Between the last two words, where a line was kept from breaking."""
    head, _, tail = text.rpartition(" ")
    assert head, f"{text!r} is one word"
    return head + NBSP + tail


def double(text):
    """Two blanks between the first two words."""
    head, blank, tail = text.partition(" ")
    assert blank, f"{text!r} is one word"
    return head + "  " + tail


def mark(sign):
    """The mark of a footnote; the sheet has a line below its table that begins with it."""
    return lambda text: text + sign


DIRT = {
    ("trong-trot-2023.xlsx", "Vụ xuân"): [
        ("KẾT QUẢ SẢN XUẤT TRỒNG TRỌT VỤ XUÂN NĂM 2023", 1, double),
        ("Kế hoạch 2023", 1, double),
        ("Thực hiện", 1, behind),
        ("Cây lúa", 1, behind),
        ("Cây ngô", 1, nbsp_behind),
        ("Cây lạc", 1, two_behind),
        ("   Diện tích", 3, behind),
        ("   Năng suất", 5, nbsp_within),
        ("ha", 2, behind),
        ("tạ/ha", 1, two_behind),
    ],
    ("trong-trot-2023.xlsx", "Cả năm"): [
        ("Chỉ tiêu", 1, behind),
        ("Cây khoai lang", 1, mark(" (1)")),
        ("- Diện tích giảm do chuyển đổi cơ cấu cây trồng", 1, double),
        ("Tổng sản lượng lương thực có hạt", 1, nbsp_within),
        ("Cây chuối", 1, behind),
        ("tấn", 3, behind),
        ("Đang thu hoạch", 1, behind),
        ("35 trở lên", 1, behind),
    ],
    ("chan-nuoi-thuy-san.xls", "Chan nuoi"): [
        ("KẾT QUẢ CHĂN NUÔI NĂM 2023", 1, double),
        ("Kế hoạch 2024", 1, nbsp_within),
        ("Đàn bò", 1, behind),
        ("Đàn dê", 1, two_behind),
        ("Đàn gia cầm, thủy cầm", 1, double),
        ("con", 2, behind),
        ("Lợn", 1, nbsp_behind),
    ],
    ("tiem-phong.xlsx", "Tiêm phòng"): [
        ("Đơn vị tính: liều", 1, behind),
        ("Đợt 2", 1, behind),
        ("Dại chó", 1, mark("¹")),
        ("Nà Chuông", 1, behind),
        ("Cao Lộc", 1, nbsp_behind),
        ("Nam Lanh Chang", 1, double),
    ],
    ("lam-nghiep.ods", "Lâm nghiệp"): [
        ("Ghi chú", 1, two_behind),
        ("Khai thác gỗ rừng trồng (gỗ mỡ)", 1, nbsp_within),
        ("Tết trồng cây", 1, mark(" (*)")),
        ("m3", 1, nbsp_behind),
        ("cây", 1, behind),
    ],
    ("thu-chi-ngan-sach.xlsx", "Thu chi"): [
        ("Đơn vị tính: nghìn đồng", 1, behind),
        ("Nội dung", 1, nbsp_within),
        ("Ước chi ngân sách cả năm", 1, double),
        ("Thu phí chợ", 1, two_behind),
        ("Tồn quỹ", 1, behind),
    ],
    ("van-hoa-xa-hoi.xlsx", "Y tế"): [
        ("Thực hiện 2023", 1, double),
        ("Khám sức khỏe người cao tuổi", 1, double),
        ("Sinh con thứ 3 trở lên", 1, nbsp_within),
        ("lượt", 2, behind),
        ("dưới 10", 1, behind),
    ],
    ("quoc-phong.csv", "CSV"): [
        ("Kế hoạch 2024", 1, double),
        ("Tuyển quân", 1, behind),
        ("Bồi dưỡng kiến thức QPAN cho các đối tượng", 1, nbsp_within),
        ("công dân", 1, behind),
    ],
    ("bieu-ket-qua-2023.xlsx", "Biểu"): [
        ("BIỂU KẾT QUẢ CÁC CHỈ TIÊU CHỦ YẾU NĂM 2023", 1, double),
        ("Kế hoạch 2023", 1, behind),
        ("Thực hiện", 1, two_behind),
        ("Mô hình 100 triệu đồng", 1, nbsp_within),
        ("Cây gừng", 1, behind),
        ("Đàn dê", 1, nbsp_behind),
        ("Con", 3, behind),
        ("Vượt", 4, behind),
        ("Tuyển quân", 1, two_behind),
    ],
    ("kinh-te.xlsx", "Kinh tế"): [
        ("MỘT SỐ CHỈ TIÊU KINH TẾ NĂM 2024", 1, double),
        ("TH 2023", 1, double),
        ("KH 2025", 1, behind),
        ("Lúa cả năm", 1, mark(" (1)")),
        ("Lúa cả năm", 2, behind),
        ("Đàn bò", 1, two_behind),
        ("Chi NSĐP", 1, nbsp_behind),
        ("Chi thường xuyên", 1, nbsp_within),
        ("triệu đồng", 1, behind),
    ],
    ("xa-hoi.csv", "CSV"): [
        ("Nội dung", 1, behind),
        ("Người dân có thẻ BHYT", 1, double),
        ("Gia đình văn hóa", 1, nbsp_behind),
        ("hộ", 1, behind),
    ],
    ("so-lieu-6-thang.xlsx", "Khác"): [
        ("Cùng kỳ", 1, behind),
        ("Thu ngân sách", 1, two_behind),
        ("Việc làm mới", 1, double),
        ("Bao phủ BHYT", 1, mark("¹")),
        ("nghìn đồng", 2, behind),
    ],
    ("theo-doi-nhiem-ky.xlsx", "Mục tiêu"): [
        ("Nghị quyết", 1, behind),
        ("Thu nhập BQ/người", 1, mark(" (*)")),
        ("Trồng rừng mới", 1, behind),
        ("Trường chuẩn quốc gia", 1, double),
        ("45 - 50", 1, behind),
        ("%", 2, nbsp_behind),
    ],
    ("so-lieu-thon.xlsx", "Thôn Đoài"): [
        ("SỐ LIỆU THÔN ĐOÀI NĂM 2024", 1, double),
        ("Ước TH 2024", 1, behind),
        ("Lúa", 1, behind),
        ("Trâu, bò", 1, nbsp_within),
        ("Hộ đạt GĐVH", 1, two_behind),
        ("con", 2, behind),
    ],
}


def soiled(file, sheet, texts):
    """The dirty texts of a sheet: index -> text. `texts` are those of its cells, row by row;
    what is no text is None."""
    out = {}
    for text, which, how in DIRT.get((file, sheet), ()):
        places = [at for at, own in enumerate(texts) if own == text]
        assert len(places) >= which, f"{file} [{sheet}] has no {text!r} number {which}"
        out[places[which - 1]] = how(text)
    return out
