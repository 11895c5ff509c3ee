//! BIFF records, and strings that go on from one to the next.

use super::kind;
use crate::read::bytes::word;

/// One record: its number, and its bytes with those of the records that continue it.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
    /// Where the records that continue this one stand; strings start anew in each.
    pub(super) more: Vec<&'a [u8]>,
}

/// The records of a stream from a place on.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    fn peek(&self) -> Option<(u16, &'a [u8])> {
        let rest = self.stream.get(self.at..)?;
        let (kind, length) = (word(rest, 0)?, usize::from(word(rest, 2)?));
        Some((kind, rest.get(4..4 + length)?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.peek()?;
        self.at += 4 + data.len();
        let mut more = Vec::new();
        while let Some((kind::CONTINUE, data)) = self.peek() {
            more.push(data);
            self.at += 4 + data.len();
        }
        Some(Record { kind, data, more })
    }
}

/// Reads on from record to continuing record.
pub(super) struct Cursor<'a> {
    data: &'a [u8],
    more: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(record: &Record<'a>, skip: usize) -> Self {
        Self { data: record.data.get(skip..).unwrap_or_default(), more: record.more.clone().into_iter() }
    }

    fn refill(&mut self) -> Option<()> {
        while self.data.is_empty() {
            self.data = self.more.next()?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.refill()?;
        let (&first, rest) = self.data.split_first()?;
        self.data = rest;
        Some(first)
    }

    pub(super) fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.refill()?;
            let step = count.min(self.data.len());
            self.data = &self.data[step..];
            count -= step;
        }
        Some(())
    }

    /// A BIFF8 string of `length` characters, its flags first. Characters go on in the next
    /// record behind new flags. What is cut off at the end is left out.
    pub(super) fn unicode(&mut self, length: usize) -> Option<String> {
        self.rich(length).map(|(text, _)| text)
    }

    /// A BIFF8 string and its formatting runs: the first character and the font of each.
    pub(super) fn rich(&mut self, length: usize) -> Option<(String, Vec<(u16, u16)>)> {
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.word()?) };
        let extra = if flags & 4 == 0 { 0 } else { usize::from(self.word()?) | usize::from(self.word()?) << 16 };
        let mut units: Vec<u16> = Vec::new();
        let mut wide = flags & 1 != 0;
        while units.len() < length {
            if self.data.is_empty() {
                let Some(next) = self.more.next() else { break };
                let Some((&flags, rest)) = next.split_first() else { continue };
                (wide, self.data) = (flags & 1 != 0, rest);
                continue;
            }
            let wanted = length - units.len();
            if wide {
                let chunks = self.data.as_chunks::<2>().0;
                if chunks.is_empty() {
                    self.data = &[];
                    continue;
                }
                let taken = wanted.min(chunks.len());
                units.extend(chunks[..taken].iter().map(|&unit| u16::from_le_bytes(unit)));
                self.data = &self.data[taken * 2..];
            } else {
                let taken = wanted.min(self.data.len());
                units.extend(self.data[..taken].iter().map(|&byte| u16::from(byte)));
                self.data = &self.data[taken..];
            }
        }
        // Behind the text come the runs and phonetic text; a file may end in them.
        let mut fonts = Vec::new();
        for _ in 0..runs {
            let (Some(first), Some(font)) = (self.word(), self.word()) else { break };
            fonts.push((first, font));
        }
        let _ = self.skip(extra);
        Some((String::from_utf16_lossy(&units), fonts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_over_records() {
        let record = Record { kind: kind::SST, data: &[0, b'a', b'b'], more: vec![&[1, 0xA1, 0x1E], &[0, b'c', 9]] };
        let mut cursor = Cursor::new(&record, 0);
        assert_eq!(cursor.unicode(4).as_deref(), Some("abạc"));
        assert_eq!(cursor.byte(), Some(9));
        assert_eq!(cursor.unicode(1), None);
    }
}
