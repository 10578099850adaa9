//! Keeps pages of other sites from using the browser of somebody on this machine.
//!
//! As long as callers are not identified, listening on loopback is all the protection there is, and a browser on this
//! machine is inside. It names the origin of a page with every call that could change something.

use axum::http::{HeaderMap, HeaderName, Method, Uri, header};

/// Says to a browser's server where the page that calls comes from.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a browser's page of another site is calling. Programs name no origin, and a link that is followed names none.
pub(super) fn is_foreign(method: &Method, headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        let site = headers.get(SEC_FETCH_SITE).map(|site| site.as_bytes());
        return !method.is_safe() && !matches!(site, None | Some(b"same-origin" | b"none"));
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
pub(in crate::service) fn is_loopback_name(authority: &str) -> bool {
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
        is_foreign(&Method::POST, &headers, &Uri::from_static("/base/x"))
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

    #[test]
    fn a_link_of_another_site_may_be_followed_but_presses_no_key() {
        let uri = Uri::from_static("/base/x");
        for (site, presses) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            let headers = HeaderMap::from_iter([(SEC_FETCH_SITE, site.parse().unwrap())]);
            assert!(!is_foreign(&Method::GET, &headers, &uri), "{site}");
            assert_eq!(!is_foreign(&Method::POST, &headers, &uri), presses, "{site}");
        }
    }
}
