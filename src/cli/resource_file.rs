//! A resource written as JSON in a file, or on stdin.

use super::args::ArgError;
use super::failure::Failure;
use super::json;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// Where the resource is written.
#[derive(Clone, Debug, clap::Args)]
pub struct FileArgs {
    /// JSON file with the resource; - reads stdin
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
}

impl FileArgs {
    /// Reads a message of the type `name`.
    ///
    /// # Errors
    /// [`Failure::Argument`] when the file cannot be read, is too large or holds something else.
    pub fn read<T: prost::Message + Default>(&self, name: &str) -> Result<T, Failure> {
        let path = self.file.display();
        let unreadable = |error: io::Error| {
            ArgError::new(format!("{path} を読めません: {error}"), format!("{path} cannot be read: {error}"))
        };
        let mut text = String::new();
        let limit = json::FILE_BYTES_MAX + 1;
        if self.file.as_os_str() == "-" {
            io::stdin().lock().take(limit).read_to_string(&mut text).map_err(unreadable)?;
        } else {
            let file = File::open(&self.file).map_err(unreadable)?;
            file.take(limit).read_to_string(&mut text).map_err(unreadable)?;
        }
        if text.len() as u64 == limit {
            let max = json::FILE_BYTES_MAX;
            let error = ArgError::new(
                format!("{path} は {max} バイトを超えています"),
                format!("{path} is larger than {max} bytes"),
            );
            return Err(error.into());
        }
        Ok(json::read(name, &text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::v1;
    use std::io::Write;

    #[test]
    fn a_missing_huge_or_binary_file_is_refused() {
        let mut huge = tempfile::NamedTempFile::new().unwrap();
        huge.write_all(&vec![b' '; 2 << 20]).unwrap();
        let mut binary = tempfile::NamedTempFile::new().unwrap();
        binary.write_all(&[0xff, 0xfe, 0x00]).unwrap();
        for path in [PathBuf::from("/nowhere/asset.json"), huge.path().into(), binary.path().into()] {
            let read = FileArgs { file: path.clone() }.read::<v1::Asset>("yui.v1.Asset");
            assert!(matches!(read, Err(Failure::Argument(_))), "{}", path.display());
        }
    }
}
