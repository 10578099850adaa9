//! The sessions of the documentation are what happens: every `console` block is typed against a fresh Kansai drill.
//!
//! `make bless` writes the real output into them; look at the difference before you commit it.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test binary")]

use yui::host::{Host, HostClock, HostConfig, kansai};
use yui::service::server::Limits;

/// Types the session of one page.
fn typed(page: &str) {
    let data = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = HostConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.path().to_owned(),
        space: "drill/kansai".parse().unwrap(),
        clock: HostClock::Virtual { start: None },
        scenario: Some(kansai().to_owned()),
        network: None,
        limits: Limits::default(),
    };
    let host = runtime.block_on(Host::start(config)).unwrap();
    let server = format!("http://{}", host.local_addr());
    trycmd::TestCases::new()
        .register_bin("yui", std::path::Path::new(env!("CARGO_BIN_EXE_yui")))
        .env("YUI_SERVER", server)
        .env("YUI_LANG", "en")
        .env("USER", "sato")
        .case(page)
        .run();
    runtime.block_on(host.stop());
}

#[test]
fn the_session_of_the_readme_is_real() {
    typed("README.md");
}

#[test]
fn the_session_of_the_breaking_roads_is_real() {
    typed("docs/roads.md");
}
