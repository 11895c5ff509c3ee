//! Vietnamese text as offices write it: keys for matching labels, STT numbering, suggestions
//! for typing errors, and the encodings from before Unicode.
//!
//! Nothing here changes what a user is shown: [`fold()`], [`fold_label`] and [`skeleton`] give
//! keys, and [`decode()`] gives the text that the author saw on the screen.

mod decode;
mod file_name;
mod fold;
mod label;
mod legacy;
mod letter;
mod name;
mod ordinal;
mod reading;
mod similar;
mod syllable;
#[cfg(test)]
pub(crate) mod tests;
mod viqr;

pub(crate) use decode::decode_assessed;
pub use decode::{Decoded, decode, decode_rich};
pub use file_name::{file_stem, plain_file_name};
pub use fold::{fold, skeleton};
pub(crate) use fold::{is_ignorable, trim};
pub(crate) use label::{begins_as_total, compares, is_total_word, without_numbering};
pub use label::{fold_label, is_total, leading_ordinal, matches_folded, matches_pattern, without_mark};
pub use legacy::{tcvn3_from_bytes, tcvn3_letter, vni_from_bytes};
pub(crate) use name::{is_same_name, name_hash};
pub use ordinal::{Ordinal, OrdinalKind, ordinal};
pub(crate) use reading::{Assessment, assess};
pub use reading::{Encoding, Evidence, font_draws_capitals, font_hint};
pub use similar::{distance, similar};
pub(crate) use syllable::is_syllable;
