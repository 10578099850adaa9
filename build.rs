//! Compiles `proto/` in Rust (protox), so that a clean clone needs no protoc.
//!
//! Messages and clients are the library's. Servers are written here: the library's would compile the whole way of a call
//! once more for each method, these share it (`src/api/server.rs`).

use prost_build::{Method, Service, ServiceGenerator};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in ["proto/yui/v1", "proto/yui/ledger/v1"] {
        files.extend(protos_in(Path::new(folder))?);
        println!("cargo::rerun-if-changed={folder}");
    }
    files.sort();
    let descriptors = protox::compile(&files, ["proto"])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), prost::Message::encode_to_vec(&descriptors))?;
    let clients = tonic_prost_build::configure().build_server(false).service_generator();
    prost_build::Config::new()
        .btree_map(["."])
        .service_generator(Box::new(ServersAnd { clients }))
        .compile_fds(descriptors)?;
    Ok(())
}

/// The `.proto` files directly inside `folder`.
fn protos_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    Ok(files)
}

/// Writes the server of each service, and has the library write its client.
struct ServersAnd {
    clients: Box<dyn ServiceGenerator>,
}

impl ServiceGenerator for ServersAnd {
    fn generate(&mut self, service: Service, out: &mut String) {
        write_server(&service, out).expect("a string takes everything");
        self.clients.generate(service, out);
    }

    fn finalize(&mut self, out: &mut String) {
        self.clients.finalize(out);
    }

    fn finalize_package(&mut self, package: &str, out: &mut String) {
        self.clients.finalize_package(package, out);
    }
}

/// The trait of a service, as the library would write it, and `serve`, which makes a service of whatever has the trait.
fn write_server(service: &Service, out: &mut String) -> std::fmt::Result {
    let (name, package, proto_name) = (&service.name, &service.package, &service.proto_name);
    writeln!(out, "pub mod {}_server {{", snake(name))?;
    writeln!(out, "use super::*;\nuse crate::api::server;\nuse std::sync::Arc;")?;
    writeln!(out, "#[tonic::async_trait]\npub trait {name}: Send + Sync + 'static {{")?;
    for method in &service.methods {
        writeln!(out, "{}", method_of_trait(method))?;
    }
    writeln!(out, "}}\npub fn serve<T: {name}>(service: T) -> server::Service {{")?;
    writeln!(out, "let service = Arc::new(service);")?;
    writeln!(out, "let mut served = server::Service::new(\"{package}.{proto_name}\");")?;
    for method in &service.methods {
        let verb = match (method.client_streaming, method.server_streaming) {
            (false, false) => "unary",
            (false, true) => "server_streaming",
            (true, false) => "client_streaming",
            // Nobody serves streams both ways: what this names is not there, and the compiler says so.
            (true, true) => "streaming",
        };
        let (path, call) = (&method.proto_name, &method.name);
        writeln!(out, "let own = Arc::clone(&service);")?;
        writeln!(out, "served.{verb}(\"{path}\", move |request| {{")?;
        writeln!(out, "let own = Arc::clone(&own);")?;
        writeln!(out, "Box::pin(async move {{ own.{call}(request).await }})\n}});")?;
    }
    writeln!(out, "served\n}}\n}}")
}

fn method_of_trait(method: &Method) -> String {
    let (name, asked, answer) = (&method.name, &method.input_type, &method.output_type);
    let stream = format!("{}Stream", method.proto_name);
    let (kind, answer) = if method.server_streaming {
        let kind = "tonic::codegen::tokio_stream::Stream<Item = Result<{}, tonic::Status>> + Send + 'static";
        (format!("type {stream}: {};", kind.replace("{}", answer)), format!("Self::{stream}"))
    } else {
        (String::new(), answer.clone())
    };
    let asked = if method.client_streaming { format!("tonic::Streaming<{asked}>") } else { asked.clone() };
    format!(
        "{kind}\nasync fn {name}(&self, request: tonic::Request<{asked}>) -> Result<tonic::Response<{answer}>, tonic::Status>;"
    )
}

/// `DispatchService` as `dispatch_service`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
