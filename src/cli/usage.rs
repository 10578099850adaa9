//! What is wrong with a command line, in the reader's language.

use super::EXIT_USAGE;
use super::args::ArgError;
use super::session::{note_on_stderr, write_out};
use crate::lang::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

/// The language that the words of a broken command line ask for.
#[must_use]
pub fn lang_of(words: &[OsString]) -> Option<Lang> {
    let asks = |word: &str| match word {
        "ja" => Some(Lang::Ja),
        "en" => Some(Lang::En),
        _ => None,
    };
    words.iter().enumerate().find_map(|(index, word)| {
        let word = word.to_str()?;
        match word.strip_prefix("--lang")? {
            "" => asks(words.get(index + 1)?.to_str()?),
            rest => asks(rest.strip_prefix('=')?),
        }
    })
}

/// Prints help on stdout, anything else on stderr with a Japanese line in front if so wanted.
#[must_use]
pub fn report(error: &clap::Error, lang: Lang) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone wanted no more help.
        let _ = write_out(&error.render().to_string());
        return ExitCode::SUCCESS;
    }
    if lang == Lang::Ja {
        note_on_stderr(&format!("誤り: {}\n", japanese(error)));
    }
    note_on_stderr(&shortened(&error.render().to_string()));
    ExitCode::from(EXIT_USAGE)
}

/// Cuts what somebody typed by the megabyte out of the message.
fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 4_000;
    let mut lines = text.lines().map(|line| {
        let cut: String = line.chars().take(400).collect();
        cut + "\n"
    });
    let mut out = String::new();
    while let Some(line) = lines.next().filter(|_| out.len() < CHARS_MAX) {
        out.push_str(&line);
    }
    out
}

fn japanese(error: &clap::Error) -> String {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.chars().take(80).collect(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::ValueValidation => {
            match error.source().and_then(|source| source.downcast_ref::<ArgError>()) {
                Some(own) => format!("{argument}: {}", own.text(Lang::Ja)),
                None => format!("{argument} に「{value}」は使えません"),
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} に値が必要です"),
        ErrorKind::InvalidValue => {
            let near = of(ContextKind::SuggestedValue);
            let near = if near.is_empty() { String::new() } else { format!("。もしかして {near}") };
            format!("{argument} に「{value}」は使えません。使える値: {}{near}", of(ContextKind::ValidValue))
        }
        ErrorKind::UnknownArgument => {
            let near = of(ContextKind::SuggestedArg);
            let near = if near.is_empty() { String::new() } else { format!("。もしかして {near}") };
            format!("「{argument}」という引数はありません{near}")
        }
        ErrorKind::InvalidSubcommand => {
            let near = of(ContextKind::SuggestedSubcommand);
            let near = if near.is_empty() { String::new() } else { format!("。もしかして {near}") };
            format!("「{}」というコマンドはありません{near}", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("{argument} が必要です"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} は {} と同時に使えません", of(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "コマンドが必要です。--help で一覧を表示します".to_owned()
        }
        ErrorKind::InvalidUtf8 => "文字コードは UTF-8 にしてください".to_owned(),
        _ => "引数が正しくありません".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    fn complaint(words: &[&str]) -> String {
        let error = Cli::try_parse_from(words).unwrap_err();
        japanese(&error)
    }

    #[test]
    fn a_wrong_word_is_named_in_japanese_with_the_near_one() {
        assert!(complaint(&["yui", "rnak"]).contains("もしかして rank"));
        let near = complaint(&["yui", "rank", "--at", "35,135", "--kind", "scen"]);
        assert!(near.contains("もしかして scene") && near.contains("transfer"), "{near}");
        assert!(complaint(&["yui", "rank", "--att", "35,135"]).contains("もしかして --at"));
        assert!(complaint(&["yui", "rank", "--at", "95,135"]).contains("地球上の位置ではありません"));
        assert!(complaint(&["yui", "asset", "get"]).contains("<ASSET> が必要です"));
    }

    #[test]
    fn the_language_is_found_in_a_broken_command_line() {
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(lang_of(&words(&["yui", "--lang", "ja", "rnak"])), Some(Lang::Ja));
        assert_eq!(lang_of(&words(&["yui", "--lang=en"])), Some(Lang::En));
        assert_eq!(lang_of(&words(&["yui", "--lang"])), None);
        assert_eq!(lang_of(&words(&["yui", "--lang", "fr"])), None);
    }

    #[test]
    fn a_megabyte_typed_by_mistake_is_not_echoed() {
        let long = "x".repeat(1_000_000);
        let error = Cli::try_parse_from(["yui", "rank", "--at", &long]).unwrap_err();
        assert!(shortened(&error.render().to_string()).len() < 6_000);
        assert!(japanese(&error).len() < 1_000);
    }
}
