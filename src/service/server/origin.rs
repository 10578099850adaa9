//! Keeps pages of other sites from using the browser of somebody on this machine.
//!
//! As long as callers are not identified, listening on loopback is all the protection there is, and a browser on this
//! machine is inside. It names the origin of a page with every call that could change something.

use axum::http::{HeaderMap, Uri, header};

/// Whether a browser's page of another site is calling. Programs name no origin.
pub(super) fn is_foreign(headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return false;
    };
    let own = uri
        .authority()
        .map(|authority| authority.as_str())
        .or_else(|| headers.get(header::HOST).and_then(|host| host.to_str().ok()));
    let named = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
    // A name that resolves to this machine only now (DNS rebinding) is its own origin: it must be a loopback one.
    named.is_none() || named != own || !named.is_some_and(is_loopback_name)
}

/// Whether `host[:port]` can only be this machine.
fn is_loopback_name(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<axum::http::uri::Authority>() else {
        return false;
    };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(origin: Option<&str>, host: &str) -> bool {
        let mut headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_foreign(&headers, &Uri::from_static("/base/x"))
    }

    #[test]
    fn only_pages_of_this_server_may_call() {
        assert!(!foreign(None, "127.0.0.1:7878"));
        for host in ["127.0.0.1:7878", "localhost:7878", "[::1]:7878"] {
            assert!(!foreign(Some(&format!("http://{host}")), host), "{host}");
        }
        assert!(foreign(Some("http://evil.example"), "127.0.0.1:7878"));
        assert!(foreign(Some("http://127.0.0.1:9999"), "127.0.0.1:7878"));
        assert!(foreign(Some("null"), "127.0.0.1:7878"));
        assert!(foreign(Some("http://evil.example:7878"), "evil.example:7878"), "rebinding");
    }
}
