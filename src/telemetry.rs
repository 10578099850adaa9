//! The log: `tracing` to stderr, as text for people or JSON for machines. It never carries sealed data.
//!
//! The ledger, not the log, is the audit record.

use std::fmt;
use std::str::FromStr;
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged when nobody says otherwise.
pub const FILTER_DEFAULT: &str = "warn";

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryFault {
    /// Not a format.
    #[error("\"{given}\" is not a log format; use text or json")]
    Format {
        /// What was given.
        given: String,
    },
    /// Not a filter.
    #[error("\"{given}\" is not a log filter: {source}; write like info,yui::service=debug")]
    Filter {
        /// What was given.
        given: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
    /// Somebody installed one already.
    #[error("a log is installed already")]
    Installed,
}

impl FromStr for LogFormat {
    type Err = TelemetryFault;
    fn from_str(text: &str) -> Result<LogFormat, TelemetryFault> {
        match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            given => Err(TelemetryFault::Format { given: given.chars().take(80).collect() }),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        })
    }
}

/// Sends the log of this process to stderr; `filter` as in [`Targets`], such as `info,yui::service=debug`.
///
/// # Errors
/// [`TelemetryFault::Filter`], [`TelemetryFault::Installed`].
pub fn install(format: LogFormat, filter: &str) -> Result<(), TelemetryFault> {
    let log = subscriber(format, filter, std::io::stderr)?;
    log.try_init().map_err(|_| TelemetryFault::Installed)
}

/// The log, written to `writer`.
fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryFault>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter: Targets = filter
        .parse()
        .map_err(|source| TelemetryFault::Filter { given: filter.chars().take(80).collect(), source })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    Ok(match format {
        LogFormat::Text => {
            Box::new(registry().with(lines.with_ansi(false).with_target(false).with_filter(filter)))
        }
        LogFormat::Json => Box::new(registry().with(lines.json().flatten_event(true).with_filter(filter))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, filter: &str) -> String {
        let page = Page::default();
        let copy = page.clone();
        let log = subscriber(format, filter, move || copy.clone()).unwrap();
        tracing::subscriber::with_default(log, || {
            tracing::info!(asset = "heli-toyooka", travel_s = 840, "asset committed");
            tracing::debug!("not asked for");
        });
        String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_json_line_carries_its_fields_as_such() {
        let text = written(LogFormat::Json, "info");
        let line: serde_json::Value = serde_json::from_str(&text).expect("exactly one line");
        assert_eq!(line["message"], "asset committed");
        assert_eq!(line["travel_s"], 840);
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn a_text_line_is_plain_and_the_filter_holds() {
        let text = written(LogFormat::Text, "info");
        assert!(text.contains("asset committed") && text.contains("travel_s=840"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("not asked for"), "{text}");
        assert!(written(LogFormat::Text, "debug").contains("not asked for"));
        assert_eq!(written(LogFormat::Text, FILTER_DEFAULT), "", "quiet unless something is wrong");
    }

    #[test]
    fn a_wrong_format_or_filter_is_named() {
        assert!("xml".parse::<LogFormat>().unwrap_err().to_string().contains("\"xml\""));
        let fault = subscriber(LogFormat::Text, "info,,yui=loudly", io::sink).err().unwrap();
        assert!(fault.to_string().contains("yui=loudly"));
    }
}
