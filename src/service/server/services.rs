//! What a server serves.

use super::MESSAGE_BYTES_MAX;
use super::methods::public_descriptors;
use crate::api::v1;
use tonic::server::NamedService;
use tonic::service::RoutesBuilder;

/// The services and pages behind a server. Each reads messages up to [`MESSAGE_BYTES_MAX`], none compressed.
#[derive(Debug)]
pub struct Services {
    pub(super) routes: RoutesBuilder,
    /// As health names them.
    pub(super) names: Vec<&'static str>,
    pub(super) pages: axum::Router,
}

/// Adds a service under the trait that `proto/` gave it.
macro_rules! service {
    ($(#[$doc:meta])* $method:ident, $module:ident, $server:ident, $trait:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $method(mut self, service: impl v1::$module::$trait) -> Services {
            let server = v1::$module::$server::new(service).max_decoding_message_size(MESSAGE_BYTES_MAX);
            self.names.push(name_of(&server));
            self.routes.add_service(server);
            self
        }
    };
}

impl Services {
    /// No service yet, and these pages for everything that is not gRPC.
    #[must_use]
    pub fn new(pages: axum::Router) -> Services {
        Services { routes: RoutesBuilder::default(), names: Vec::new(), pages }
    }

    service! {
        /// Adds the registry.
        registry, registry_service_server, RegistryServiceServer, RegistryService
    }
    service! {
        /// Adds weather, sites, hospitals and structures.
        conditions, condition_service_server, ConditionServiceServer, ConditionService
    }
    service! {
        /// Adds the roads.
        network, network_service_server, NetworkServiceServer, NetworkService
    }
    service! {
        /// Adds flights, no-fly areas and pads.
        air, air_service_server, AirServiceServer, AirService
    }
    service! {
        /// Adds the dispatch.
        dispatch, dispatch_service_server, DispatchServiceServer, DispatchService
    }
    service! {
        /// Adds live positions.
        positions, position_service_server, PositionServiceServer, PositionService
    }
    service! {
        /// Adds the watch.
        watch, watch_service_server, WatchServiceServer, WatchService
    }
    service! {
        /// Adds the drill clock; in the live space it refuses.
        drill, drill_service_server, DrillServiceServer, DrillService
    }

    /// Adds reflection of `yui.v1`, in both versions that clients speak.
    #[must_use]
    pub(super) fn reflection(mut self) -> Services {
        let builder = || {
            tonic_reflection::server::Builder::configure()
                .register_file_descriptor_set(public_descriptors())
                .include_reflection_service(false)
        };
        let broken = "our own descriptors are whole";
        self.routes.add_service(builder().build_v1().expect(broken));
        self.routes.add_service(builder().build_v1alpha().expect(broken));
        self
    }
}

fn name_of<S: NamedService>(_: &S) -> &'static str {
    S::NAME
}
