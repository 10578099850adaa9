//! What the compiler does not say: pure modules name no clock, file, socket, runtime or log; the wire stays at the edge.
#![allow(clippy::unwrap_used, reason = "a test binary")]

use std::path::{Path, PathBuf};

/// Every Rust file below `folder`, and the module file beside it.
fn sources(module: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found: Vec<PathBuf> =
        Some(src.join(format!("{module}.rs"))).filter(|file| file.is_file()).into_iter().collect();
    let mut folders = vec![src.join(module)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{module} has moved: tell this test where");
    found
}

/// Lines of code of `module` that hold one of `words`; comments may speak of anything, tests may read files.
fn offences(module: &str, words: &[&str]) -> Vec<String> {
    let mut offences = Vec::new();
    for path in sources(module) {
        let is_test = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
        if is_test {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(word)) {
                offences.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    offences
}

#[test]
fn the_pure_core_asks_for_nothing() {
    let outside = [
        "tokio::",
        "tonic::",
        "tracing::",
        "std::fs",
        "std::net",
        "std::time",
        "std::env",
        "SystemTime",
        "Instant::",
    ];
    for module in ["decision", "allocator", "network", "spatial", "record", "daylight", "units", "id"] {
        assert_eq!(offences(module, &outside), Vec::<String>::new(), "{module} is pure");
    }
}

#[test]
fn only_the_edge_knows_the_wire() {
    for module in ["decision", "allocator", "network", "spatial", "record", "ledger", "authority", "drill"] {
        assert_eq!(
            offences(module, &["crate::api"]),
            Vec::<String>::new(),
            "{module} does not know the wire"
        );
    }
}

#[test]
fn this_test_finds_what_it_looks_for() {
    assert!(!offences("clock", &["SystemTime"]).is_empty());
    assert!(!offences("service", &["crate::api"]).is_empty());
}
