//! Problems and telegrams out of other people's files, against what other programs found.
//!
//! The files are not part of the project. `YUI_TEST_DATA` names their folder; without them the tests say so and pass,
//! unless `YUI_REQUIRE_DATA=1`.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop the test")]

mod assignment;
mod telegrams;
mod transport;

use std::path::PathBuf;

/// A file of the test data; none, with a word about it, where there are none.
pub(crate) fn text(path: &str) -> Option<String> {
    let root = std::env::var("YUI_TEST_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let found = PathBuf::from(root).join(path);
    if found.is_file() {
        return Some(std::fs::read_to_string(found).unwrap());
    }
    let is_required = std::env::var("YUI_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(!is_required, "{} is not there, and YUI_REQUIRE_DATA=1", found.display());
    eprintln!("skipped: {} is not there; YUI_TEST_DATA names the folder", found.display());
    None
}
