//! Compound files, the containers of Office 97-2003: streams by name.
//!
//! What breaks if this is changed: sectors are chained by tables that the file itself brings, so
//! a chain may point anywhere, also back to where it came from. No chain is followed for more
//! steps than the file has sectors, and nothing outside the file is ever taken.

use crate::values::language::Words;

const DAMAGED: Words = Words { vi: "phần đầu tệp không đúng", en: "its header is wrong" };
const LOOP: Words = Words { vi: "bảng phân bổ bị lặp vòng", en: "its allocation table runs in a circle" };
const NO_STREAM: Words = Words { vi: "thiếu phần nội dung", en: "its content is missing" };

/// Highest number of a sector; above are marks for the end of a chain, free sectors and tables.
const LAST: u32 = 0xFFFF_FFFA;

/// A compound file whose directory was read.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    shift: u32,
    mini_shift: u32,
    mini_below: u64,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

impl<'a> Compound<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Words> {
        let shift = u32::from(word(bytes, 30).ok_or(DAMAGED)?);
        let mini_shift = u32::from(word(bytes, 32).ok_or(DAMAGED)?);
        if !(7..=16).contains(&shift) || !(2..=12).contains(&mini_shift) {
            return Err(DAMAGED);
        }
        let field = |at| long(bytes, at).ok_or(DAMAGED);
        let mut file = Self {
            bytes,
            shift,
            mini_shift,
            mini_below: u64::from(field(56)?),
            table: Vec::new(),
            mini_table: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.table = file.read_table(field(68)?)?;
        let directory = file.chain(field(48)?)?;
        file.mini_table = longs(&file.chain(field(60)?)?);
        file.entries = directory.chunks_exact(128).filter_map(entry).collect();
        let root = directory.chunks_exact(128).find(|entry| entry[66] == 5).and_then(|root| long(root, 116));
        if let Some(root) = root {
            file.mini_stream = file.chain(root)?;
        }
        Ok(file)
    }

    /// Whether there is a stream of this name, in any folder.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream. What is missing at the end of the file is missing at its end.
    pub(super) fn stream(&self, name: &str) -> Result<Vec<u8>, Words> {
        let entry = self.find(name).ok_or(NO_STREAM)?;
        let mut content = if entry.size < self.mini_below && !self.mini_stream.is_empty() {
            self.mini_chain(entry.start)?
        } else {
            self.chain(entry.start)?
        };
        if let Ok(size) = usize::try_from(entry.size)
            && size > 0
        {
            content.truncate(size);
        }
        if content.is_empty() { Err(NO_STREAM) } else { Ok(content) }
    }

    fn sector(&self, number: u32) -> &'a [u8] {
        let size = 1usize << self.shift;
        let start = (number as usize).saturating_add(1).saturating_mul(size).min(self.bytes.len());
        &self.bytes[start..start.saturating_add(size).min(self.bytes.len())]
    }

    fn sectors(&self) -> usize {
        self.bytes.len() >> self.shift
    }

    /// The allocation table, whose own sectors are listed in the header and in a chain of lists.
    fn read_table(&self, mut list: u32) -> Result<Vec<u32>, Words> {
        let mut places = longs(self.bytes.get(76..512).ok_or(DAMAGED)?);
        let mut lists = 0;
        while list <= LAST {
            lists += 1;
            if lists > self.sectors() {
                return Err(LOOP);
            }
            let mut more = longs(self.sector(list));
            let Some(next) = more.pop() else { break };
            places.append(&mut more);
            list = next;
        }
        places.retain(|&place| (place as usize) < self.sectors());
        // Each sector of the table is one sector of the file.
        places.truncate(self.sectors());
        Ok(places.into_iter().flat_map(|place| longs(self.sector(place))).collect())
    }

    fn chain(&self, start: u32) -> Result<Vec<u8>, Words> {
        let mut content = Vec::new();
        let mut steps = 0;
        let mut at = start;
        while at <= LAST && (at as usize) < self.table.len() {
            steps += 1;
            if steps > self.sectors() + 1 {
                return Err(LOOP);
            }
            content.extend_from_slice(self.sector(at));
            at = self.table[at as usize];
        }
        Ok(content)
    }

    fn mini_chain(&self, start: u32) -> Result<Vec<u8>, Words> {
        let size = 1usize << self.mini_shift;
        let mut content = Vec::new();
        let mut steps = 0;
        let mut at = start as usize;
        while let Some(&next) = self.mini_table.get(at) {
            steps += 1;
            if steps > self.mini_table.len() {
                return Err(LOOP);
            }
            let from = (at * size).min(self.mini_stream.len());
            content.extend_from_slice(&self.mini_stream[from..(from + size).min(self.mini_stream.len())]);
            at = next as usize;
        }
        Ok(content)
    }
}

fn entry(raw: &[u8]) -> Option<Entry> {
    let length = usize::from(word(raw, 64)?).saturating_sub(2).min(62);
    let units: Vec<u16> = raw[..length].as_chunks::<2>().0.iter().map(|&unit| u16::from_le_bytes(unit)).collect();
    // Streams only; sizes above 4 GiB exist in version 4 alone and in no workbook.
    (raw[66] == 2).then_some(Entry {
        name: String::from_utf16_lossy(&units),
        start: long(raw, 116)?,
        size: u64::from(long(raw, 120)?),
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|&raw| u16::from_le_bytes(raw))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|&raw| u32::from_le_bytes(raw))
}

fn longs(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|&raw| u32::from_le_bytes(raw)).collect()
}
