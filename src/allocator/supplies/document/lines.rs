//! JSON with one line for each field of the whole and each entry of its lists: short enough to keep, and to look at.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Depth down to which entries begin their own line.
const DEPTH: usize = 2;

/// Writes a document, with a line break at its end.
pub(super) fn write(document: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = document.serialize(&mut Serializer::with_formatter(&mut out, Lines::default()));
    written.expect("a document holds what JSON can say, and memory takes it");
    out.push(b'\n');
    String::from_utf8(out).expect("JSON is written as UTF-8")
}

#[derive(Default)]
struct Lines {
    depth: usize,
    has_entry: bool,
}

impl Lines {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_entry = false;
        out.write_all(bracket)
    }

    fn entry<W: ?Sized + Write>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        if !is_first {
            out.write_all(b",")?;
        }
        if self.depth > DEPTH {
            return Ok(());
        }
        out.write_all(b"\n")?;
        out.write_all(&b"  "[..self.depth])
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_entry && self.depth < DEPTH {
            out.write_all(b"\n")?;
            out.write_all(&b"  "[..self.depth])?;
        }
        self.has_entry = true;
        out.write_all(bracket)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.entry(out, is_first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_entry = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.entry(out, is_first)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_entry = true;
        Ok(())
    }
}
