//! What a server serves.

use super::MESSAGE_BYTES_MAX;
use super::methods::public_descriptors;
use crate::api::server::Service;
use crate::api::v1;
use axum::body::Body;
use tonic::codegen::http;
use tonic::service::Routes;
use tower::ServiceExt;

/// The services and pages behind a server. Each reads messages up to [`MESSAGE_BYTES_MAX`], none compressed.
#[derive(Debug)]
pub struct Services {
    pub(super) routes: Routes,
    /// As health names them.
    pub(super) names: Vec<&'static str>,
    pub(super) pages: axum::Router,
}

/// Adds a service under the trait that `proto/` gave it.
macro_rules! service {
    ($(#[$doc:meta])* $method:ident, $module:ident, $trait:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $method(mut self, service: impl v1::$module::$trait) -> Services {
            self.add(v1::$module::serve(service));
            self
        }
    };
}

impl Services {
    /// No service yet, and these pages for everything that is not gRPC.
    #[must_use]
    pub fn new(pages: axum::Router) -> Services {
        Services { routes: Routes::default(), names: Vec::new(), pages }
    }

    fn add(&mut self, service: Service) {
        let name = service.name();
        let service = service.max_decoding_message_size(MESSAGE_BYTES_MAX);
        let service = service.map_request(|request: http::Request<Body>| request.map(tonic::body::Body::new));
        let router = self.routes.axum_router_mut();
        *router = std::mem::take(router).route_service(&format!("/{name}/{{*rest}}"), service);
        self.names.push(name);
    }

    service! {
        /// Adds the registry.
        registry, registry_service_server, RegistryService
    }
    service! {
        /// Adds weather, sites, hospitals and structures.
        conditions, condition_service_server, ConditionService
    }
    service! {
        /// Adds the roads.
        network, network_service_server, NetworkService
    }
    service! {
        /// Adds flights, no-fly areas and pads.
        air, air_service_server, AirService
    }
    service! {
        /// Adds the dispatch.
        dispatch, dispatch_service_server, DispatchService
    }
    service! {
        /// Adds live positions.
        positions, position_service_server, PositionService
    }
    service! {
        /// Adds the watch.
        watch, watch_service_server, WatchService
    }
    service! {
        /// Adds the drill clock; in the live space it refuses.
        drill, drill_service_server, DrillService
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
        let routes = self.routes.add_service(builder().build_v1().expect(broken));
        self.routes = routes.add_service(builder().build_v1alpha().expect(broken));
        self
    }
}
