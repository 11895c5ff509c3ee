//! A mapping for which every file is a submission: three rows, of which two add up to the first.

pub(crate) const CATALOGUE: &str = r#"
[catalogue]
id = "dan"
period = "2023"
[[indicator]]
id = "dan"
label = "Tổng đàn"
unit = "con"
parts = ["dan.trau", "dan.bo"]
[[indicator]]
id = "dan.trau"
label = "Đàn trâu"
unit = "con"
[[indicator]]
id = "dan.bo"
label = "Đàn bò"
unit = "con"
"#;
pub(crate) const MAPPING: &str = r#"
[mapping]
id = "dan"
catalogue = "dan.toml"
[[source]]
file = "*"
label = "Chỉ tiêu"
columns = { "Thực hiện" = "actual" }
rows = { "Tổng đàn" = "dan", "Đàn trâu" = "dan.trau", "Đàn bò" = "dan.bo" }
"#;
