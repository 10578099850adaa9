//! Resource names with the space in front.
//!
//! In a drill space every printed name begins with `drill/<name>/`; in the live space with nothing. A name that comes
//! in may be relative or carry this server's own space; another space's is refused, never looked up.

use crate::id::{IdError, MemberId, Space};
use crate::service::ServiceError;
use crate::service::error::ArgumentProblem;
use std::fmt::Display;
use std::str::FromStr;

/// Characters of a hostile name that are repeated in a message.
const SHOWN_CHARS_MAX: usize = 80;

/// Names as one space prints and reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    space: Space,
}

/// Where a list looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Everywhere: `members/-`.
    Any,
    /// In one member's ledger.
    Member(MemberId),
}

impl Parent {
    /// Whether what `member` holds is wanted.
    #[must_use]
    pub fn covers(&self, member: &MemberId) -> bool {
        match self {
            Parent::Any => true,
            Parent::Member(only) => only == member,
        }
    }
}

impl Names {
    /// Names of `space`.
    #[must_use]
    pub fn of(space: Space) -> Names {
        Names { space }
    }

    /// The space.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// The name as it leaves the server.
    #[must_use]
    pub fn print(&self, id: &impl Display) -> String {
        match &self.space {
            Space::Live => id.to_string(),
            Space::Drill(_) => format!("{}/{id}", self.space),
        }
    }

    /// The name as it leaves the server; empty for none.
    #[must_use]
    pub fn print_opt(&self, id: Option<&impl Display>) -> String {
        id.map(|id| self.print(id)).unwrap_or_default()
    }

    /// A text that may be a resource name or only the last part of one, as it leaves the server.
    #[must_use]
    pub fn print_text(&self, text: &str) -> String {
        const ROOTS: [&str; 7] =
            ["members/", "fields/", "structures/", "weatherRegions/", "commodities/", "plans/", "pairs/"];
        if ROOTS.iter().any(|root| text.starts_with(root)) { self.print(&text) } else { text.to_string() }
    }

    /// Reads a name that must be given.
    ///
    /// # Errors
    /// [`ServiceError::Field`] when it is empty or no such name; [`ServiceError::WrongSpace`].
    pub fn parse<T: FromStr<Err = IdError>>(&self, field: &str, name: &str) -> Result<T, ServiceError> {
        if name.is_empty() {
            return Err(ServiceError::required(field));
        }
        let relative = self.relative(field, name)?;
        relative.parse().map_err(|error| ServiceError::argument(field, ArgumentProblem::Name(error)))
    }

    /// Reads a name that may be empty.
    ///
    /// # Errors
    /// As [`Names::parse`].
    pub fn parse_opt<T: FromStr<Err = IdError>>(
        &self,
        field: &str,
        name: &str,
    ) -> Result<Option<T>, ServiceError> {
        if name.is_empty() { Ok(None) } else { self.parse(field, name).map(Some) }
    }

    /// Reads the parent of a list.
    ///
    /// # Errors
    /// As [`Names::parse`].
    pub fn parent(&self, name: &str) -> Result<Parent, ServiceError> {
        if name.is_empty() {
            return Err(ServiceError::required("parent"));
        }
        match self.relative("parent", name)? {
            "members/-" => Ok(Parent::Any),
            _ => self.parse("parent", name).map(Parent::Member),
        }
    }

    /// Takes this space's prefix off.
    pub(crate) fn relative<'n>(&self, field: &str, name: &'n str) -> Result<&'n str, ServiceError> {
        let wrong = || ServiceError::WrongSpace {
            field: field.to_string(),
            name: name.chars().take(SHOWN_CHARS_MAX).collect(),
            here: self.space.clone(),
        };
        let (space, rest) = match (name.strip_prefix("drill/"), name.strip_prefix("live/")) {
            (Some(rest), _) => {
                let (drill, rest) = rest.split_once('/').ok_or_else(wrong)?;
                (drill.parse().map(Space::Drill).map_err(|_| wrong())?, rest)
            }
            (None, Some(rest)) => (Space::Live, rest),
            (None, None) => return Ok(name),
        };
        if space == self.space { Ok(rest) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AssetId;

    fn drill() -> Names {
        Names::of("drill/kansai".parse().unwrap())
    }

    #[test]
    fn a_drill_prints_its_space_in_front_and_reads_names_with_or_without_it() {
        let id: AssetId = drill().parse("name", "members/hyogo/assets/x").unwrap();
        assert_eq!(drill().print(&id), "drill/kansai/members/hyogo/assets/x");
        assert_eq!(drill().parse::<AssetId>("name", "drill/kansai/members/hyogo/assets/x").unwrap(), id);
        let live = Names::of(Space::Live);
        assert_eq!(live.print(&id), "members/hyogo/assets/x");
        assert_eq!(live.parse::<AssetId>("name", "live/members/hyogo/assets/x").unwrap(), id);
    }

    #[test]
    fn a_name_of_another_space_is_refused() {
        let long = format!("drill/{}", "x".repeat(100_000));
        for name in ["drill/other/members/a/assets/x", "live/members/a/assets/x", "drill/kansai", &long] {
            let error = drill().parse::<AssetId>("name", name).unwrap_err();
            assert!(matches!(error, ServiceError::WrongSpace { .. }), "{name}: {error:?}");
            assert!(error.to_string().len() < 300);
        }
        let error = Names::of(Space::Live).parse::<AssetId>("name", "drill/kansai/members/a/assets/x");
        assert!(matches!(error, Err(ServiceError::WrongSpace { .. })));
    }

    #[test]
    fn a_parent_may_be_everybody() {
        assert_eq!(drill().parent("drill/kansai/members/-"), Ok(Parent::Any));
        assert_eq!(drill().parent("members/-"), Ok(Parent::Any));
        assert!(matches!(drill().parent("members/hyogo"), Ok(Parent::Member(_))));
        assert!(drill().parent("").is_err());
        assert!(drill().parent("members/hyogo/assets").is_err());
    }

    #[test]
    fn only_a_resource_name_gets_the_space_in_front() {
        assert_eq!(drill().print_text("outage-1"), "outage-1");
        assert_eq!(drill().print_text("structures/x"), "drill/kansai/structures/x");
    }
}
