//! `yui serve` as a process of its own, and its clients; `benches/service.rs` measures the same server.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tonic::transport::{Channel, Endpoint};
use yui::api::v1::dispatch_service_client::DispatchServiceClient;

pub type Dispatch = DispatchServiceClient<Channel>;

pub struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Serves the Kansai drill from the ledgers below `data`; returns when it listens.
    pub fn start(data: &Path) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_yui"))
            .args(["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--space", "drill/kansai"])
            .args(["--log", "error"])
            .arg("--scenario")
            .arg(yui::host::kansai())
            // The data folder is left to its default, as `make run` leaves it.
            .current_dir(data)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let Some(line) = lines.next() else { panic!("the server did not start:\n{said}") };
            let line = line.unwrap();
            if let Some(address) = line.split_whitespace().find(|word| word.starts_with("http://")) {
                break address.to_owned();
            }
            said += &line;
        };
        // Whoever does not listen any more would stop a server that still has something to say.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("server: {line}")));
        Server { process, address }
    }

    /// A connection of its own.
    pub async fn channel(&self) -> Channel {
        Endpoint::from_shared(self.address.clone()).unwrap().connect().await.unwrap()
    }

    pub async fn dispatch(&self) -> Dispatch {
        DispatchServiceClient::new(self.channel().await)
    }

    /// SIGKILL: it gets no chance to finish anything.
    pub fn kill(self) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
