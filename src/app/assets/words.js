// Every text of the page, Vietnamese and English side by side, and figures, times and sizes as each
// language writes them. Messages of findings are worded by the program and do not stand here.

const WORDS = {
  // The page as a whole
  skip: ["Chuyển đến nội dung", "Skip to the content"],
  steps: ["Các bước", "Steps"],
  "step.choose": ["Chọn", "Choose"],
  "step.describe": ["Khai báo", "Describe"],
  "step.mend": ["Sửa", "Correct"],
  "step.form": ["Biểu", "Form"],
  "step.many": ["Nhiều đơn vị", "Many offices"],
  "step.first": ["Hãy chọn thư mục số liệu trước.", "Choose a folder first."],
  "step.notYet": [
    "Bước này chưa có gì để xem: hãy khai báo số liệu nằm ở đâu, hoặc chọn một bộ số liệu trong danh sách.",
    "There is nothing to show here yet: describe where the figures are, or choose a submission in the list.",
  ],
  "count.toMend": ["lỗi và cảnh báo", "errors and warnings"],
  "count.submissions": ["bộ số liệu", "submissions"],
  period: ["kỳ {period}", "period {period}"],
  linked: ["Đang nối với chương trình", "Connected to the program"],
  "lost.short": ["Mất kết nối", "Connection lost"],
  lost: [
    "Mất kết nối với chương trình. Trang tự nối lại khi có thể; số liệu trên trang có thể đã cũ.",
    "The connection to the program is lost. The page reconnects by itself; what it shows may be out of date.",
  ],
  "lost.refused": [
    "Chương trình đã chạy lại hoặc phiên này đã hết. Hãy mở lại bieu bằng biểu tượng của nó.",
    "The program was started anew, or this session has ended. Open bieu again by its icon.",
  ],
  found: ["Đã nối lại với chương trình.", "Connected to the program again."],
  gone: ["Chương trình không trả lời.", "The program does not answer."],
  refused: ["Chương trình từ chối yêu cầu này (mã {status}).", "The program refused this request (status {status})."],
  "theme.auto": ["Sáng, tối: theo máy tính", "Light or dark: as the computer"],
  "theme.light": ["Đang dùng nền sáng", "Light theme"],
  "theme.dark": ["Đang dùng nền tối", "Dark theme"],
  quit: ["Thoát chương trình", "Quit the program"],
  "quit.title": ["Thoát bieu?", "Quit bieu?"],
  "quit.text": [
    "Các tệp Excel không bị thay đổi. Các lựa chọn ở bước Khai báo được giữ lại.",
    "The Excel files are unchanged. Choices made in Describe are kept.",
  ],
  "quit.yes": ["Thoát", "Quit"],
  ended: ["Chương trình đã dừng", "The program has ended"],
  "ended.text": [
    "Có thể đóng trang này. Lần sau mở lại bằng biểu tượng bieu.",
    "You may close this page. Open bieu again by its icon.",
  ],
  close: ["Đóng", "Close"],
  cancel: ["Hủy", "Cancel"],
  save: ["Lưu", "Save"],
  search: ["Tìm", "Search"],
  next: ["Tiếp theo (n)", "Next (n)"],
  previous: ["Trước đó (p)", "Previous (p)"],
  more: ["Hiện thêm {n}", "Show {n} more"],
  "more.left": ["và {n} mục nữa", "and {n} more"],
  none: ["Không có.", "None."],
  unknown: ["chưa rõ", "unknown"],
  reading: ["Đang đọc và kiểm tra…", "Reading and checking…"],
  "reading.of": ["Đã kiểm tra {done} trên {total} bộ số liệu…", "Checked {done} of {total} submissions…"],
  "changed.seen": ["Đã đọc lại {files}.", "Read again: {files}."],
  "changed.mended": ["đã sửa xong {n} vấn đề", "{n} corrected"],
  "changed.new": ["có {n} vấn đề mới", "{n} new"],
  "changed.same": ["các vấn đề không thay đổi", "findings unchanged"],
  "changed.list": ["Thay đổi sau lần lưu gần nhất", "Changes by the last save"],
  "changed.mendedTitle": ["Đã sửa xong: {n}", "Corrected: {n}"],
  "changed.newTitle": ["Mới: {n}", "New: {n}"],
  "n.errors": ["{n} lỗi", "errors: {n}"],
  "n.warnings": ["{n} cảnh báo", "warnings: {n}"],

  // Keys
  keys: ["Phím tắt", "Keyboard shortcuts"],
  "keys.steps": ["đến bước 1 đến 5", "go to step 1 to 5"],
  "keys.next": ["vấn đề hoặc dòng tiếp theo", "next finding or row"],
  "keys.previous": ["vấn đề hoặc dòng trước đó", "previous finding or row"],
  "keys.search": ["đến ô tìm", "go to the search box"],
  "keys.explain": ["giải thích vấn đề đang xem", "explain the finding"],
  "keys.sheet": ["đến sheet", "go to the sheet"],
  "keys.arrows": [
    "đi từ ô này sang ô khác trong sheet và trong biểu",
    "move between cells of the sheet and of the form",
  ],
  "keys.page": ["lên, xuống một màn hình trong sheet", "one screen up or down in the sheet"],
  "keys.ends": ["đến ô đầu, ô cuối của sheet", "first and last cell of the sheet"],
  "keys.enter": ["xem vấn đề ở ô đang chọn", "show the finding of the current cell"],
  "keys.escape": ["từ sheet trở về danh sách; đóng hộp đang mở", "from the sheet back to the list; close what is open"],
  "keys.undo": ["hoàn tác, làm lại ở bước Khai báo", "undo and redo in Describe"],
  "keys.help": ["mở bảng phím tắt này", "open this list"],

  // 1 Choose
  "choose.title": ["Chọn số liệu cần kiểm tra", "Choose what to check"],
  "choose.text": [
    "Chọn thư mục chứa các tệp Excel của kỳ báo cáo. Chương trình chỉ đọc: các tệp không bị thay đổi và không gửi đi đâu.",
    "Choose the folder with the Excel files of the period. They are only read: nothing is changed and nothing leaves this computer.",
  ],
  "choose.folder": ["Thư mục trên máy này", "Folders of this computer"],
  "choose.path": ["Đường dẫn thư mục", "Path of the folder"],
  "choose.up": ["Lên thư mục cấp trên", "Up one folder"],
  "choose.go": ["Đến", "Go"],
  "choose.open": ["Dùng thư mục này", "Use this folder"],
  "choose.empty": ["Không có thư mục con hay tệp Excel nào ở đây.", "There are no folders and no Excel files here."],
  "choose.noFolders": ["Không có thư mục con.", "No folders here."],
  "choose.truncated": [
    "Còn nhiều mục nữa không hiện hết: gõ đường dẫn ở trên.",
    "There is more than can be listed: type the path above.",
  ],
  "choose.workbooks": ["Ở đây có {n} tệp bảng tính.", "Spreadsheet files here: {n}."],
  "choose.noWorkbooks": ["Ở đây không có tệp bảng tính.", "No spreadsheet files here."],
  "choose.reading": ["Đang đọc các tệp…", "Reading the files…"],
  recent: ["Đã mở gần đây", "Recently opened"],
  "recent.none": ["Chưa có thư mục nào.", "No folder yet."],
  "drop.title": ["Thả tệp vào đây", "Drop files here"],
  "drop.text": [
    "Chương trình làm việc trên bản sao. Muốn trang tự cập nhật khi lưu trong Excel, hãy chọn thư mục.",
    "The program works on copies. To have the page follow what you save in Excel, choose a folder.",
  ],
  "drop.pick": ["Chọn tệp…", "Choose files…"],
  "drop.tooLarge": [
    "Các tệp lớn hơn {size}: hãy chọn thư mục thay vì thả tệp.",
    "The files are larger than {size}: choose their folder instead.",
  ],
  "read.title": ["Đã đọc", "Read"],
  "read.files": ["Tệp", "Files"],
  "read.sheets": ["{n} sheet", "sheets: {n}"],
  "read.period": ["Kỳ báo cáo", "Period"],
  "read.form": ["Mẫu biểu (danh mục chỉ tiêu)", "Form (catalogue)"],
  "read.noForm": ["chưa xác định", "not known yet"],
  "read.mapping": ["Bảng ánh xạ (khai báo số liệu nằm ở đâu)", "Mapping (says where the figures are)"],
  "read.noMapping": ["chưa có", "none yet"],
  "read.bundled": ["có sẵn trong chương trình", "bundled"],
  "read.copies": ["các tệp đã thả", "dropped files"],
  "read.copy": ["Bản sao của các tệp đã thả", "Copies of the dropped files"],
  "read.watching": [
    "Đang theo dõi: lưu trong Excel là trang cập nhật",
    "Watched: the page follows what you save in Excel",
  ],
  "read.polling": ["Ổ đĩa mạng: trang xem lại thư mục vài giây một lần", "Network drive: looked at every few seconds"],
  "read.empty": ["Không có tệp bảng tính nào trong thư mục này.", "There are no spreadsheet files in this folder."],
  "read.many": ["Thư mục có {n} bộ số liệu.", "The folder holds {n} submissions."],
  "read.undescribed": [
    "Chưa có bảng ánh xạ phù hợp: hãy khai báo mỗi dòng, mỗi cột là số liệu gì. Chương trình đã đoán sẵn phần lớn.",
    "No mapping fits: say what each row and column holds. Most of it is guessed already.",
  ],
  "read.findings": ["Còn {what} cần xem.", "To be looked at: {what}."],
  "read.clean": ["Không còn lỗi và cảnh báo.", "No errors and no warnings."],
  "read.unreadable": ["không đọc được", "could not be read"],
  "read.list": ["Các tệp và sheet", "Files and sheets"],
  "read.next": ["Tiếp tục: {step}", "Continue: {step}"],

  // The sheet
  sheet: ["Sheet", "Sheet"],
  "sheet.label": ["Sheet {sheet}, như trong Excel", "Sheet {sheet}, as in Excel"],
  "sheet.loading": ["Đang đọc sheet…", "Reading the sheet…"],
  "sheet.rows": ["Số dòng", "Row numbers"],
  "sheet.hidden": ["sheet ẩn", "hidden sheet"],
  "sheet.hiddenRow": ["dòng ẩn", "hidden row"],
  "sheet.hiddenColumn": ["cột ẩn", "hidden column"],
  "sheet.sheets": ["Các sheet của tệp", "Sheets of the file"],
  "mark.target": ["ô đang xem", "the cell in question"],
  "mark.source": ["ô dùng để đối chiếu", "judged from this cell"],
  "mark.suspect": ["ô nghi sai, kèm số đề xuất", "suspected cell, with a proposal"],
  "mark.follow": ["bị kéo theo", "follows from it"],
  "mark.origin": ["số lấy từ ô này", "the figure comes from this cell"],

  // 2 Describe
  "draft.list": ["Các dòng và cột", "Rows and columns"],
  "draft.states": ["Lọc theo mức chắc chắn", "Filter by certainty"],
  "draft.search": ["Tìm dòng, cột, chỉ tiêu", "Search rows, columns, indicators"],
  "draft.open": ["chưa rõ", "open"],
  "draft.likely": ["đoán", "guessed"],
  "draft.certain": ["chắc chắn", "sure"],
  "draft.out": ["để ngoài", "left out"],
  "draft.group.open": ["Chưa rõ: số chưa được lấy", "Open: figures not taken"],
  "draft.group.likely": ["Đoán: hãy xem lại", "Guessed: have a look"],
  "draft.group.certain": ["Chắc chắn", "Sure"],
  "draft.group.out": ["Để ngoài", "Left out"],
  "draft.as.ignore": ["để ngoài", "left out"],
  "draft.as.note": ["cột ghi chú", "column of notes"],
  "draft.as.open": ["chưa rõ là gì", "not known yet"],
  "draft.as.member": ["phân tổ (thôn, đợt, …)", "breakdown (village, round …)"],
  "draft.as.total": ["dòng tổng", "total"],
  "draft.as.heading": ["tiêu đề nhóm", "heading"],
  "draft.as.indicator": ["chỉ tiêu", "indicator"],
  "draft.noLabel": ["(không có tên)", "(no label)"],
  "draft.column": ["cột", "column"],
  "draft.row.at": ["dòng {n}", "row {n}"],
  "draft.column.at": ["cột {n}", "column {n}"],
  "draft.sheet": ["Sheet", "Sheet"],
  "draft.sheet.now": ["Sheet này:", "This sheet:"],
  "draft.sheet.open": ["chưa lấy số liệu nào", "no figure is taken"],
  "draft.sheet.member": ["đọc như sheet \"{like}\"", "read as the sheet \"{like}\""],
  "draft.sheet.left-out": ["để ngoài", "left out"],
  "draft.sheet.blank": ["biểu chưa có số liệu", "a form without figures"],
  "draft.sheet.words": ["chỉ có chữ, không có số", "words only, no figures"],
  "draft.sheet.do": [
    "Chọn chỉ tiêu cho các dòng hoặc các cột của sheet này, hoặc để cả sheet ngoài biểu.",
    "Choose indicators for the rows or the columns of this sheet, or leave the whole sheet out.",
  ],
  "draft.sheet.none": [
    "Không thấy bảng nào có tiêu đề cột và tên dòng. Thêm tiêu đề trong Excel rồi lưu, hoặc để cả sheet ngoài biểu.",
    "No table with column headers and row labels was found. Add headers in Excel and save, or leave the whole sheet out.",
  ],
  "draft.sheet.out": ["để cả sheet ngoài", "leave the whole sheet out"],
  "draft.taken": ["Lấy làm:", "Taken as:"],
  "draft.why": ["Vì sao:", "Why:"],
  "draft.near": ["Gần giống:", "Near:"],
  "draft.unit": ["đơn vị tính", "unit"],
  "draft.chosen": ["đã chọn", "chosen"],
  "draft.right": ["Đúng rồi", "That is right"],
  "draft.other": ["Chọn chỉ tiêu khác…", "Choose another…"],
  "draft.auto": ["Để chương trình tự đoán", "Back to the guess"],
  "draft.save": ["Lưu bảng ánh xạ", "Save the mapping"],
  "draft.saved": ["Đã lưu {files} vào thư mục.", "Saved in the folder: {files}."],
  "draft.savedCopy": [
    "Đã lưu cạnh bản sao. Muốn giữ lại để dùng cho kỳ sau: bước Biểu, Lưu vào thư mục…",
    "Saved beside the copies. To keep it for the next period: Form, Save to a folder…",
  ],
  "draft.undo": ["Hoàn tác (Ctrl+Z)", "Undo (Ctrl+Z)"],
  "draft.redo": ["Làm lại (Ctrl+Y)", "Redo (Ctrl+Y)"],
  "draft.readings": ["số liệu được lấy", "figures taken"],
  "draft.left": ["chỗ cần xem", "left to look at"],
  "draft.findings": ["vấn đề thấy ngay", "first findings"],
  "draft.now": ["Số liệu được lấy: {before} → {n}.", "Figures taken: {before} → {n}."],
  "draft.catalogue": ["Mẫu biểu phải nộp", "Form to hand in"],
  "draft.ownCatalogue": ["Không có mẫu: lập danh mục từ các bảng", "None: draft a catalogue from the tables"],
  "draft.period": ["Kỳ báo cáo", "Period"],
  "draft.loading": [
    "Đang đọc các bảng và đoán từng dòng, từng cột…",
    "Reading the tables and guessing each row and column…",
  ],
  "draft.nothing": ["Không tìm thấy bảng số liệu nào.", "No table of figures was found."],
  "draft.sure": ["Không còn chỗ nào cần xem.", "Nothing is left to look at."],
  "draft.gutter": ["Dòng này là", "This row is"],
  "tint.header": ["tiêu đề", "header"],
  "tint.label": ["tên dòng", "row label"],
  "tint.unit": ["đơn vị tính", "unit"],
  relations: ["Quan hệ tìm được trong sheet này: {n}", "Relations found in this sheet: {n}"],
  "relations.rows": ["{held}/{all} dòng khớp", "holds in {held} of {all} rows"],
  "relations.columns": ["{held}/{all} cột khớp", "holds in {held} of {all} columns"],
  "relations.remark": ["(chỉ ghi thành nhận xét)", "(kept as a remark only)"],
  "out.title": ["Để số liệu này ngoài biểu", "Leave this out of the form"],
  "out.reason": ["Vì sao", "Why"],
  "out.hint": [
    "Ví dụ: chi tiết của dòng trên; không có trong biểu.",
    "For example: detail of the row above; not in the form.",
  ],
  "pick.title": ["Chọn chỉ tiêu cho", "Indicator for"],
  "pick.search": ["Gõ tên, nhóm hoặc mã chỉ tiêu (không cần dấu)", "Type a name, group or id"],
  "pick.list": ["Các chỉ tiêu", "Indicators"],
  "pick.hits": ["{n} chỉ tiêu", "indicators: {n}"],
  "pick.now": ["đang chọn", "now"],
  "pick.near": ["gần giống", "near"],
  "pick.measure": ["Loại số liệu của cột", "Measure of the column"],
  "pick.measureOnly": ["Chỉ chọn loại số liệu", "Only the measure"],
  "pick.take": ["Chọn", "Choose"],
  "pick.role": ["Dòng này không phải chỉ tiêu mà là:", "Not an indicator but a:"],
  "edited.title": ["Tệp đã có người sửa", "The file was edited meanwhile"],
  "edited.keep": ["Giữ tệp của họ", "Keep theirs"],
  "edited.replace": ["Ghi đè", "Replace"],

  // 3 Correct
  "level.error": ["lỗi", "error"],
  "level.warning": ["cảnh báo", "warning"],
  "level.info": ["lưu ý", "note"],
  "level.errors": ["Lỗi", "Errors"],
  "level.warnings": ["Cảnh báo", "Warnings"],
  "level.infos": ["Lưu ý", "Notes"],
  "mend.list": ["Các vấn đề", "Findings"],
  "mend.levels": ["Lọc theo mức độ", "Filter by severity"],
  "mend.search": ["Tìm trong các vấn đề", "Search the findings"],
  "mend.group": ["Xếp theo", "Group by"],
  "mend.by.level": ["Theo mức độ", "By severity"],
  "mend.by.file": ["Theo tệp", "By file"],
  "mend.by.code": ["Theo loại", "By kind"],
  "mend.place": ["Vấn đề và sheet", "Finding and sheet"],
  "mend.file": ["Tệp", "File"],
  "mend.noFile": ["Không gắn với tệp nào", "Not tied to a file"],
  "mend.hits": ["{n} kết quả", "{n} matches"],
  "mend.noHits": ["Không có kết quả nào.", "No matches."],
  "mend.clean": ["Không còn lỗi và cảnh báo. Có thể lập biểu.", "No errors and warnings left. The form can be made."],
  "mend.suppressed": ["Đã giải trình", "Reason given"],
  "mend.suppressed.short": ["đã giải trình", "reason given"],
  "mend.fresh": ["mới", "new"],
  "mend.follow": ["kéo theo {n}", "{n} follow"],
  "mend.back": ["Danh sách", "List"],
  "mend.action": ["Cách sửa:", "What to do:"],
  "mend.cause": ["Nguyên nhân có thể:", "Likely cause:"],
  "mend.found": ["Ghi trong ô", "In the cell"],
  "mend.expected": ["Đúng ra là", "Expected"],
  "mend.sources": ["Đối chiếu với", "Judged from"],
  "mend.suspects": ["Ô nghi sai", "Suspected"],
  "mend.reason": ["Đã giải trình:", "Reason given:"],
  "mend.consequences": ["Các vấn đề kéo theo: {n}", "What follows from it: {n}"],
  "mend.explain": ["Giải thích", "Explain"],
  "mend.known": ["Đã biết, vì …", "Known, because …"],
  "mend.unknown": ["Bỏ giải trình", "Take the reason back"],
  "mend.rule": ["Căn cứ: {file}, dòng {line}", "Rule: {file}, line {line}"],
  "sure.certain": ["chắc chắn", "certain"],
  "sure.likely": ["nhiều khả năng", "likely"],
  "sure.open": ["chưa nói chắc được ô nào sai", "open which cell is wrong"],
  "known.title": ["Đã biết, vì …", "Known, because …"],
  "known.reason": ["Lý do", "Reason"],
  "known.hint": [
    "Ghi vào tệp bieu.toml của thư mục, kèm tên và ngày. Chỉ có hiệu lực với số đang ghi trong ô.",
    "Kept in the folder's bieu.toml with name and date. It holds for the figure that is there now.",
  ],
  "known.by": ["Người giải trình", "Your name or office"],
  "known.need": ["Cần cả lý do và tên người giải trình.", "Both reason and name are needed."],
  "known.save": ["Lưu giải trình", "Save the reason"],
  "known.saved": ["Đã lưu giải trình vào bieu.toml.", "The reason is saved in bieu.toml."],

  // 4 Form
  "form.loading": ["Đang lập biểu…", "Making the form…"],
  "form.none": ["Chưa lập được biểu.", "The form could not be made."],
  "form.side": ["Đánh giá, nguồn số và mục điền", "Verdicts, origins and fields"],
  "form.table": ["Biểu", "Form"],
  "form.download": ["Tải biểu Excel", "Download the workbook"],
  "form.others": ["Tệp khác", "Other files"],
  "form.save": ["Lưu vào thư mục…", "Save to a folder…"],
  "form.print": ["In", "Print"],
  "form.working": ["Đang làm…", "Working…"],
  "form.downloaded": ["Đã tải: {files}", "Downloaded: {files}"],
  "form.mark": ["có vấn đề ở {cells}", "finding at {cells}"],
  "form.verdicts": ["Kết quả đánh giá", "Verdicts"],
  "form.both": [
    "{good}/{all} chỉ tiêu đạt và vượt, trong đó {exceeded} vượt.",
    "{good} of {all} met or exceeded, of these {exceeded} exceeded.",
  ],
  "form.ratios": ["Thực hiện so với kế hoạch (%)", "Result against plan (%)"],
  "chart.ratio.said": ["Tỷ lệ thực hiện so với kế hoạch: {what}", "Result against plan: {what}"],
  "verdict.exceeded": ["vượt", "exceeded"],
  "verdict.met": ["đạt", "met"],
  "verdict.missed": ["không đạt", "missed"],
  "verdict.none": ["chưa đánh giá", "not assessed"],
  "kind.form": ["Biểu Excel", "Workbook of the form"],
  "kind.annotated": ["Bản sao có đánh dấu", "Annotated copies"],
  "kind.annotated.text": [
    "Các tệp của mình, ô có vấn đề được tô màu và ghi chú",
    "Your files, with findings coloured and commented",
  ],
  "kind.report-html": ["Báo cáo để xem (HTML)", "Report to read (HTML)"],
  "kind.report-html.text": ["Một tệp, mở bằng trình duyệt", "One file, for a browser"],
  "kind.report-xlsx": ["Báo cáo Excel", "Report as a workbook"],
  "kind.report-xlsx.text": ["Mỗi vấn đề một dòng, để lọc và chuyển đi", "One row per finding"],
  "kind.prefill": ["Mẫu của kỳ sau", "Next period's form"],
  "kind.prefill.text": [
    "Kết quả kỳ này thành số kỳ trước, kế hoạch đã điền",
    "This period's results become the previous ones",
  ],
  "kind.table": ["Bảng số liệu (CSV)", "Table of figures (CSV)"],
  "kind.table.text": ["Mỗi số một dòng, kèm ô nguồn", "One row per figure, with its origin"],
  "kind.mapping": ["Bảng ánh xạ và giải trình", "Mapping and reasons given"],
  "kind.mapping.text": [
    "mapping.toml, bieu.toml: đặt cạnh các tệp để dùng lại",
    "mapping.toml, bieu.toml: keep them beside your files",
  ],
  "save.to": ["Thư mục", "Folder"],
  "save.hint": [
    "Chọn một thư mục ngoài thư mục số liệu. Tệp nguồn không bao giờ bị ghi đè.",
    "Choose a folder outside that of the figures. A source file is never replaced.",
  ],
  "save.what": ["Lưu những gì", "What to save"],
  "save.exists": ["Tệp đã có", "The file exists"],
  "save.done": ["Đã lưu: {files}", "Saved: {files}"],
  "origin.title": ["Số này lấy từ đâu", "Where this figure comes from"],
  "origin.sum": ["Cộng hoặc tính từ {n} ô:", "From {n} cells:"],
  "fields.title": ["Điền vào biểu", "Fields of the form"],
  "fields.save": ["Lưu các mục", "Save the fields"],
  "fields.saved": ["Đã lưu.", "Saved."],
  "fields.same": ["Không có gì thay đổi.", "Nothing changed."],
  "fields.date": ["ngày/tháng/năm", "day/month/year"],
  "fields.where": [
    "Giữ trong mapping.toml của thư mục, dùng lại cho kỳ sau. Mục để trống thành dòng chấm để điền tay.",
    "Kept in the folder's mapping.toml. What is left blank becomes a dotted line.",
  ],

  // 5 Many
  "many.title": ["Các bộ số liệu, nhiều lỗi nhất xếp trước", "Submissions, worst first"],
  "many.search": ["Tìm bộ số liệu", "Search submissions"],
  "many.filter": ["Lọc theo tình trạng", "Filter by state"],
  "many.all": ["Tất cả", "All"],
  "many.hits": ["{n} bộ số liệu", "submissions: {n}"],
  "many.overview": ["Tình trạng chung", "Overview"],
  "many.compare": ["So sánh", "Compare"],
  "many.name": ["Bộ số liệu", "Submission"],
  "many.state": ["Tình trạng", "State"],
  "many.errors": ["Lỗi", "Errors"],
  "many.warnings": ["Cảnh báo", "Warnings"],
  "many.infos": ["Lưu ý", "Notes"],
  "many.readings": ["Số liệu", "Figures"],
  "many.pick": ["Chọn {name} để so sánh", "Choose {name} to compare"],
  "many.compareTwo": ["So sánh hai bộ đã chọn", "Compare the two chosen"],
  "many.compared": ["So sánh", "Comparison"],
  "many.consolidate": ["Tổng hợp thành một tệp", "Consolidate to one workbook"],
  "many.feedback": ["Phiếu vấn đề cho từng đơn vị", "Findings for each office"],
  "many.moved": ["Số liệu thay đổi: {n}", "Figures that changed: {n}"],
  "moved.label": ["Chỉ tiêu", "Indicator"],
  "moved.measure": ["Loại số liệu", "Measure"],
  "moved.before": ["Trước", "Before"],
  "moved.after": ["Sau", "After"],
  "status.clean": ["không có vấn đề", "no findings"],
  "status.findings": ["cần xem lại", "with findings"],
  "status.unreadable": ["không đọc được", "unreadable"],
  "status.unmapped": ["chưa có bảng ánh xạ", "no matching mapping"],
};

let spoken = document.documentElement.lang === "en" ? 1 : 0;

export function language() {
  return spoken ? "en" : "vi";
}

export function speak(lang) {
  spoken = lang === "en" ? 1 : 0;
}

/** A text in the language of the page; `{name}` is replaced. */
export function t(key, values = {}) {
  const words = WORDS[key];
  if (!words) {
    console.error(`no text "${key}"`);
    return key;
  }
  return words[spoken].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function count(n) {
  return new Intl.NumberFormat(spoken ? "en" : "vi").format(n ?? 0);
}

export function date(text) {
  // The program says seconds since 1970.
  const when = new Date(typeof text === "number" ? text * 1000 : text);
  if (!text || Number.isNaN(when.getTime())) return "";
  const two = (n) => String(n).padStart(2, "0");
  return spoken
    ? `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`
    : `${two(when.getDate())}/${two(when.getMonth() + 1)}/${when.getFullYear()}`;
}

export function time(when) {
  return new Intl.DateTimeFormat(spoken ? "en-GB" : "vi", { hour: "2-digit", minute: "2-digit" }).format(when);
}

export function size(bytes) {
  const [n, unit] = bytes >= 1e6 ? [bytes / 1e6, "MB"] : [bytes / 1e3, "kB"];
  return `${new Intl.NumberFormat(spoken ? "en" : "vi", { maximumFractionDigits: n < 10 ? 1 : 0 }).format(n)} ${unit}`;
}

/** A number of the report, which has a decimal point, or a day, as a sheet in this language shows it;
 * `raw` is what a cell shows anyway. */
export function figure(text, raw = false) {
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day && !spoken) return `${day[3]}/${day[2]}/${day[1]}`;
  if (raw || !/^-?\d+(\.\d+)?$/.test(text)) return String(text);
  const [whole, rest] = text.split(".");
  const comma = !spoken;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma ? "." : ",");
  return rest ? `${grouped}${comma ? "," : "."}${rest}` : grouped;
}

/** All keys, for the test that every text of the page is there. */
export const known = Object.keys(WORDS);
