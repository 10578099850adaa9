//! Pages of lists: by the last name given out, not by a count, so that nothing is skipped or repeated when the list
//! changes between two pages.
//!
//! A token is bound to its query: it carries the last name and a short hash over method, parent, filter and that name.
//! It is no secret and no permission; the hash only tells a mistake from a page.

use super::ServiceError;
use super::convert::etag::hex;
use super::filter::{Filter, FilterField};
use crate::decision::rejection::FieldProblem;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use std::str::FromStr;

/// Entries of a page when the caller does not say.
pub const PAGE_SIZE_DEFAULT: usize = 50;
/// Most entries of a page; more are cut down to this, as AIP-158 has it.
pub const PAGE_SIZE_MAX: usize = 1_000;
/// Bytes of the hash in a token.
const BINDING_BYTES: usize = 8;
/// Longest token: the longest name has fewer than 512 bytes, two digits each, and the hash.
const TOKEN_BYTES_MAX: usize = 2 * (512 + BINDING_BYTES);

/// What a list call says of its page.
#[derive(Clone, Copy, Debug)]
pub struct Query<'q> {
    /// The call, so that a token of another one is refused.
    pub method: &'static str,
    /// The parent, without the space; empty where there is none.
    pub parent: &'q str,
    /// The filter as given.
    pub filter: &'q str,
    /// The page size as given.
    pub page_size: i32,
    /// The token as given.
    pub page_token: &'q str,
}

/// A page that was asked for properly.
#[derive(Clone, Debug)]
pub struct Page {
    /// What may pass.
    pub filter: Filter,
    binding: Sha256,
    size: usize,
    after: Option<String>,
}

impl Query<'_> {
    /// Reads what is asked for.
    ///
    /// # Errors
    /// [`ServiceError`] for a negative size, a filter that cannot be understood, a token of another query.
    pub fn read(&self, fields: &[FilterField]) -> Result<Page, ServiceError> {
        let size = usize::try_from(self.page_size).map_err(|_| {
            let (got, max) = (i64::from(self.page_size), i64::from(i32::MAX));
            ServiceError::field("page_size", FieldProblem::OutOfRange { got, min: 0, max })
        })?;
        let filter = Filter::parse(self.filter, fields).map_err(ServiceError::Filter)?;
        let mut binding = Sha256::new();
        for part in [self.method, self.parent, self.filter] {
            binding.update(part.len().to_be_bytes());
            binding.update(part);
        }
        let size = if size == 0 { PAGE_SIZE_DEFAULT } else { size.min(PAGE_SIZE_MAX) };
        let mut page = Page { filter, binding, size, after: None };
        if !self.page_token.is_empty() {
            page.after = Some(page.last_name(self.page_token).ok_or(ServiceError::PageToken)?);
        }
        Ok(page)
    }
}

impl Page {
    /// The part of `items` that belongs on this page, and the token of the next; empty when this is the last.
    ///
    /// `items` come in the order of `key`, filtered already.
    ///
    /// # Errors
    /// [`ServiceError::PageToken`] when the name in the token is none of this list.
    ///
    /// # Complexity
    /// O(n) in the items before the end of the page.
    pub fn cut<T, K: Ord + Display + FromStr>(
        &self,
        items: impl Iterator<Item = T>,
        key: impl Fn(&T) -> K,
    ) -> Result<(Vec<T>, String), ServiceError> {
        let after = match &self.after {
            None => None,
            Some(name) => Some(name.parse::<K>().map_err(|_| ServiceError::PageToken)?),
        };
        let mut rest = items.skip_while(|item| after.as_ref().is_some_and(|after| key(item) <= *after));
        let items: Vec<T> = rest.by_ref().take(self.size).collect();
        let token = match (rest.next(), items.last()) {
            (Some(_), Some(last)) => self.token(&key(last).to_string()),
            _ => String::new(),
        };
        Ok((items, token))
    }

    /// The token of the page after `last`.
    fn token(&self, last: &str) -> String {
        format!("{}{}", hex(&self.bound_to(last)), hex(last.as_bytes()))
    }

    /// The name in a token, if it is one of this query.
    fn last_name(&self, token: &str) -> Option<String> {
        if token.len() > TOKEN_BYTES_MAX || !token.is_ascii() {
            return None;
        }
        let (binding, last) = token.split_at_checked(2 * BINDING_BYTES)?;
        let last = String::from_utf8(unhex(last)?).ok()?;
        (unhex(binding)? == self.bound_to(&last)).then_some(last)
    }

    fn bound_to(&self, last: &str) -> Vec<u8> {
        self.binding.clone().chain_update(last).finalize()[..BINDING_BYTES].to_vec()
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: [FilterField; 1] = [FilterField { name: "kind", takes: |_| true }];

    fn query<'q>(page_size: i32, page_token: &'q str) -> Query<'q> {
        Query { method: "ListAssets", parent: "members/-", filter: "kind = A", page_size, page_token }
    }

    fn page(names: &[u32], size: i32, token: &str) -> Result<(Vec<u32>, String), ServiceError> {
        query(size, token).read(&KIND)?.cut(names.iter().copied(), |name| *name)
    }

    #[test]
    fn pages_go_on_after_the_last_name_whatever_came_and_went() {
        let (first, token) = page(&[1, 3, 5, 7], 2, "").unwrap();
        assert_eq!(first, [1, 3]);
        assert_eq!(page(&[2, 4, 5, 7], 2, &token).unwrap(), (vec![4, 5], page(&[5, 7], 1, "").unwrap().1));
        assert_eq!(page(&[5, 7], 2, &token).unwrap(), (vec![5, 7], String::new()));
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric()), "safe in a URL: {token}");
    }

    #[test]
    fn a_token_of_another_query_is_refused() {
        let (_, token) = page(&[1, 2], 1, "").unwrap();
        let base = query(1, &token);
        for other in [
            Query { method: "ListSites", ..base },
            Query { parent: "members/hyogo", ..base },
            Query { filter: "", ..base },
        ] {
            assert_eq!(other.read(&KIND).unwrap_err(), ServiceError::PageToken);
        }
        assert!(Query { page_size: 7, ..base }.read(&KIND).is_ok(), "the size may change");
    }

    #[test]
    fn a_broken_token_is_refused() {
        let (_, token) = page(&[1, 2], 1, "").unwrap();
        let mut swapped = token.clone();
        swapped.replace_range(0..1, if token.starts_with('0') { "1" } else { "0" });
        let long = "0".repeat(100_000);
        for broken in ["x", "00", "zz", "é", &token[1..], &token[..token.len() - 1], &swapped, &long] {
            assert_eq!(page(&[1, 2], 1, broken), Err(ServiceError::PageToken), "{broken}");
        }
    }

    #[test]
    fn a_page_size_is_coerced_but_never_negative() {
        let names: Vec<u32> = (0..2_000).collect();
        assert_eq!(page(&names, 0, "").unwrap().0.len(), PAGE_SIZE_DEFAULT);
        assert_eq!(page(&names, i32::MAX, "").unwrap().0.len(), PAGE_SIZE_MAX);
        assert!(matches!(page(&names, -1, ""), Err(ServiceError::Field { .. })));
    }
}
