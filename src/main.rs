//! The program `yui`: parse, wire, run.

use std::process::ExitCode;

/// Many small messages are allocated and freed at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    yui::cli::main()
}
