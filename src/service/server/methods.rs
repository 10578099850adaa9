//! What is known of each method before it is called: whether it answers with a stream, and how urgent it is.

use crate::api::DESCRIPTORS;
use prost::Message;
use prost_types::FileDescriptorSet;
use std::collections::BTreeMap;

/// The package that the outside sees.
pub(super) const PACKAGE: &str = "yui.v1";

/// Calls on which a life may depend: they get the reserve when everything else is turned away.
const LIFE_CRITICAL: &[&str] = &[
    "DispatchService/RankCandidates",
    "DispatchService/CreateRequest",
    "DispatchService/SetAircraftCount",
    "DispatchService/CancelRequest",
    "DispatchService/AskRequisition",
    "DispatchService/AcknowledgeRequisition",
    "DispatchService/CommitRequisition",
    "DispatchService/DeclineRequisition",
    "DispatchService/WithdrawRequisition",
    "DispatchService/ReportCommitment",
    "DispatchService/TakeOffer",
    "DispatchService/StandDownOffer",
    "DispatchService/ConfirmCommitment",
    "DispatchService/ReportProgress",
    "DispatchService/ChooseHospital",
    "DispatchService/StandDownMission",
    "DispatchService/AbortMission",
    "DispatchService/AskLease",
    "DispatchService/EndLease",
    "DispatchService/AnswerBed",
    "RegistryService/SetOperatingMode",
    "RegistryService/TrustClock",
];

/// Services that are not ours: whether the server lives must be told even when it has no room.
const STANDARD: &[(&str, bool)] = &[
    ("/grpc.health.v1.Health/Check", false),
    ("/grpc.health.v1.Health/List", false),
    ("/grpc.health.v1.Health/Watch", true),
    ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", true),
    ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", true),
];

/// How urgent a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Turned away first.
    Ordinary,
    /// May use the reserve, and may wait for it.
    LifeCritical,
    /// Costs nothing: never turned away.
    Exempt,
}

/// What is known of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Method {
    /// The answer is a stream that ends only with its caller or the server.
    pub(super) streams: bool,
    /// How urgent it is.
    pub(super) urgency: Urgency,
}

/// All methods by path.
#[derive(Debug)]
pub(super) struct Methods {
    by_path: BTreeMap<String, Method>,
}

impl Methods {
    pub(super) fn new() -> Methods {
        let mut by_path = BTreeMap::new();
        for (path, streams) in STANDARD {
            by_path.insert((*path).to_owned(), Method { streams: *streams, urgency: Urgency::Exempt });
        }
        for file in public_descriptors().file.iter().filter(|file| file.package() == PACKAGE) {
            for service in &file.service {
                for method in &service.method {
                    let name = format!("{}/{}", service.name(), method.name());
                    let urgency = match LIFE_CRITICAL.contains(&name.as_str()) {
                        true => Urgency::LifeCritical,
                        false => Urgency::Ordinary,
                    };
                    let known = Method { streams: method.server_streaming(), urgency };
                    by_path.insert(format!("/{PACKAGE}.{name}"), known);
                }
            }
        }
        Methods { by_path }
    }

    /// The method of a path, under the path's own text; none when there is no such method.
    pub(super) fn get(&self, path: &str) -> Option<(&str, Method)> {
        self.by_path.get_key_value(path).map(|(path, method)| (path.as_str(), *method))
    }
}

/// The descriptors of what the outside sees: `yui.v1` and what it imports. The ledgers' format is not among them.
pub(super) fn public_descriptors() -> FileDescriptorSet {
    let all = FileDescriptorSet::decode(DESCRIPTORS).expect("the build wrote them");
    let public = |package: &str| package == PACKAGE || package == "google.protobuf";
    FileDescriptorSet { file: all.file.into_iter().filter(|file| public(file.package())).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_life_critical_call_exists_and_only_watch_and_matrix_stream() {
        let methods = Methods::new();
        for name in LIFE_CRITICAL {
            let known = methods.get(&format!("/yui.v1.{name}")).map(|(_, method)| method);
            assert_eq!(known, Some(Method { streams: false, urgency: Urgency::LifeCritical }), "{name}");
        }
        let streams = |(path, method): (&String, &Method)| {
            (path.starts_with("/yui.v1.") && method.streams).then(|| path.clone())
        };
        let streaming: Vec<String> = methods.by_path.iter().filter_map(streams).collect();
        assert_eq!(streaming, ["/yui.v1.NetworkService/ComputeMatrix", "/yui.v1.WatchService/Watch"]);
    }

    #[test]
    fn the_format_of_ledgers_is_not_shown_and_no_import_is_missing() {
        let public = public_descriptors();
        let names: Vec<&str> = public.file.iter().map(|file| file.name()).collect();
        assert!(names.iter().all(|name| !name.contains("ledger")), "{names:?}");
        for import in public.file.iter().flat_map(|file| &file.dependency) {
            assert!(names.contains(&import.as_str()), "{import}");
        }
    }
}
