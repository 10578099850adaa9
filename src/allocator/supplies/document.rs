//! Problems and plans as JSON: to be kept, sent, read by people, and solved or checked without a server.
//!
//! Absent on purpose: files, judging. What a document says is taken as it stands; [`Problem::validate`] and
//! [`check`](super::check()) judge it. Indices are places in lists, as in [`Problem`]; [`Names`] say to people what stands
//! there and change nothing. `docs/plan-problem.md` describes the fields.
//!
//! Entry points: [`ProblemDocument`], [`PlanDocument`].

mod lines;
mod plan;
mod problem;
mod shown;

use super::plan::Plan;
use super::problem::Problem;
use serde::{Deserialize, Serialize};

/// Names behind the indices, by place; a list without names is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// Of members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Of goods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<String>,
    /// Of depots and bases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    /// Of receiving points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<String>,
    /// Of kinds of vehicles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Of fleets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fleets: Vec<String>,
    /// Of bridges and tunnels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<String>,
    /// Of stocks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stocks: Vec<String>,
    /// Of needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

impl Names {
    fn is_empty(&self) -> bool {
        *self == Names::default()
    }
}

/// A problem and its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemDocument {
    /// Names behind its indices.
    pub names: Names,
    /// The problem.
    pub problem: Problem,
}

/// A plan and the names of its problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDocument {
    /// Names behind its indices.
    pub names: Names,
    /// The plan.
    pub plan: Plan,
}

/// Why a text is no document of its kind.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// No JSON, a field that is unknown, missing or stands twice, or a value that does not fit its field.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A list of names that is longer or shorter than what it names.
    #[error("names.{list} has {count} entries for {expected} {list}; name all or none")]
    Names {
        /// The list.
        list: &'static str,
        /// Its length.
        count: usize,
        /// How many it must name.
        expected: usize,
    },
    /// Rows of a matrix that are not one for each site, or not as long as sites and points together.
    #[error(
        "ways[{class}].{field} has {count} rows or entries in a row, {expected} are wanted: a row for each site, in it the sites, then the points"
    )]
    Rows {
        /// The class.
        class: usize,
        /// The field.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// How many there must be.
        expected: usize,
    },
    /// A figure that follows from others and does not.
    #[error("{field} is {told}, but it follows from the other figures that it is {follows}")]
    DoesNotFollow {
        /// Which.
        field: &'static str,
        /// What is said.
        told: u64,
        /// What follows.
        follows: u64,
    },
    /// A price at a place that does not exist, or two at one.
    #[error("proof.{list}: no price can stand at {place}: places ascend and end before {count}")]
    Price {
        /// Which prices.
        list: &'static str,
        /// The place.
        place: usize,
        /// How many places there are.
        count: usize,
    },
}

impl ProblemDocument {
    /// Reads the JSON of a problem. Whether it can be planned is for [`Problem::validate`] to say.
    ///
    /// # Errors
    /// [`DocumentError`], with line and column where the text itself is wrong.
    ///
    /// # Complexity
    /// Linear in the text.
    pub fn read(text: &str) -> Result<ProblemDocument, DocumentError> {
        let file: problem::File = serde_json::from_str(text)?;
        let document = file.read()?;
        document.names.judge(&document.problem)?;
        Ok(document)
    }

    /// The JSON of the problem, an entry of each list on its own line; equal problems give equal bytes.
    #[must_use]
    pub fn write(&self) -> String {
        lines::write(&problem::File::show(self))
    }
}

impl PlanDocument {
    /// Reads the JSON of a plan. Whether it is one of a problem is for [`check`](super::check()) to say.
    ///
    /// # Errors
    /// [`DocumentError`], with line and column where the text itself is wrong.
    ///
    /// # Complexity
    /// Linear in the text.
    pub fn read(text: &str) -> Result<PlanDocument, DocumentError> {
        let file: plan::File = serde_json::from_str(text)?;
        file.read()
    }

    /// The JSON of the plan, an entry of each list on its own line; equal plans give equal bytes.
    #[must_use]
    pub fn write(&self) -> String {
        lines::write(&plan::File::show(self))
    }
}

impl Names {
    fn judge(&self, problem: &Problem) -> Result<(), DocumentError> {
        let lists = [
            ("members", &self.members, problem.members as usize),
            ("goods", &self.goods, problem.goods.len()),
            ("sites", &self.sites, problem.sites.len()),
            ("points", &self.points, problem.points.len()),
            ("classes", &self.classes, problem.classes.len()),
            ("fleets", &self.fleets, problem.fleets.len()),
            ("bundles", &self.bundles, problem.bundles.len()),
            ("stocks", &self.stocks, problem.stocks.len()),
            ("needs", &self.needs, problem.needs.len()),
        ];
        let wrong = lists.into_iter().find(|(_, names, count)| !names.is_empty() && names.len() != *count);
        wrong.map_or(Ok(()), |(list, names, expected)| {
            Err(DocumentError::Names { list, count: names.len(), expected })
        })
    }
}

#[cfg(test)]
mod tests;
