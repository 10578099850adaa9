//! Members, agreements, areas, operating modes, organisations: the union's own facts.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::model::{
    Agreement, AgreementRule, Area, AreaOrder, Member, MemberKind, ModeLevel, Name, OperatingMode,
    Organisation, OrganisationKind,
};

record!(Name { ja, en });
record!(Member { id, name, kind, joined_date, fields, telephone });
words!(MemberKind { Prefecture, City, Linked });
record!(Agreement { area, rule, order, clause });
words!(AgreementRule { OwnFirst, NearestFirst, OrderList });
record!(AreaOrder { asset, own, distance_max_m, missions_month_max });
record!(Area { organisation, position, calls_per_hour_e6, block });
record!(OperatingMode { level, set_by });
choice!(ModeLevel, mode_level { Normal, Alert, Disaster(phase) });
record!(Organisation { id, name, kind, telephone, municipalities });
words!(OrganisationKind { FireDepartment, Hospital, Base, Operator, Headquarters, Agency });
