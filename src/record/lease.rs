//! Leases of landing sites, fuel and beds: what the keeper of the place records.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::model::{LeaseEnd, LeaseId, LeaseRefusal, LeaseSubject};

record!(LeaseId { requisition, subject });
choice!(LeaseSubject, lease_subject { Site(site), Fuel(site), Bed(hospital) });
words!(LeaseRefusal { Unknown, Closed, Occupied, NoFuel, NoBed, NotEquipped });
words!(LeaseEnd { Lapsed, Released });
