//! Deploys to S3.

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use crate::desk::{Desk, broken_links, later, two_briefings};
use crate::program::{ACCESS_KEY, CANARY, holds, site_in, tree};
use crate::proxy::{Faults, Proxy};
use crate::s3_server::{S3Server, site};

/// A desk of many briefings.
fn large(n: usize, words: &str) -> Desk {
    let mut desk = Desk::new(&[]);
    for it in 0..n {
        let at = format!("briefings/2026/{it}/");
        desk.briefings.insert(format!("briefing:{it}"), (at, format!("{words} {it}")));
    }
    desk
}

#[test]
fn u9_u10_u12_a_bucket_gets_odd_names_and_right_headers_and_no_secret() {
    let server = S3Server::new();
    let mut site = site(server.port);
    fs::write(server.bucket().join("CNAME"), "theirs").unwrap();
    assert_eq!(site.deploy(&two_briefings(), &[]), Some(0), "{}", site.said);
    assert!(holds(&server.bucket(), &two_briefings()));
    assert_eq!(site.deploy(&later(), &[]), Some(0), "{}", site.said);
    assert!(holds(&server.bucket(), &later()));
    assert_eq!(site.deploy(&later(), &[]), Some(0), "{}", site.said);
    assert!(site.said.contains("nothing to send"), "{}", site.said);
    // The page that has moved leads to its new address.
    let there = site_in(&server.bucket());
    let old =
        String::from_utf8(there["briefings/2025/b c+d&e/index.html"].clone()).unwrap();
    assert!(old.contains("url=https://example.org/briefings/2025/%D8%A8/"), "{old}");
    assert_eq!(there["CNAME"], b"theirs");
    // The server keeps headers beside the objects.
    let about: Vec<String> = tree(&server.folder())
        .into_iter()
        .filter(|(path, _)| !path.starts_with("desk/"))
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    let n = |what: &str| about.iter().filter(|it| it.contains(what)).count();
    assert!(0 < n("text/html; charset=utf-8"), "{about:#?}");
    assert!(0 < n("text/css; charset=utf-8") && 0 < n("image/png"));
    for it in &about {
        let is_kept = it.contains("max-age=31536000, immutable");
        let is_asset = it.contains("text/css") || it.contains("image/png");
        assert!(!it.contains("content_type") || is_kept == is_asset, "{it}");
    }
    assert_eq!(site.run(&["--rollback"]), Some(0), "{}", site.said);
    assert!(holds(&server.bucket(), &two_briefings()));
    assert!(!site.has_leaked(&server.folder()), "{}", site.said);
}

#[test]
fn r17_killed_at_every_request_readers_meet_nothing_missing_and_little_is_sent_again() {
    let mut n_broken = 0;
    let mut most_again = 0;
    let mut again_in_all = 0;
    let mut k = 0;
    loop {
        k += 1;
        let server = S3Server::new();
        let proxy = Proxy::new(server.port);
        let mut site = site(proxy.port);
        assert_eq!(site.deploy(&two_briefings(), &[]), Some(0), "{}", site.said);
        proxy.set(Faults { cut_at: Some(k), ..Faults::default() });
        let mut child = site.begin(&later());
        let mut is_cut = false;
        let is_done = loop {
            is_cut = is_cut || proxy.is_cut();
            if is_cut {
                child.kill().unwrap();
            }
            if child.try_wait().unwrap().is_some() {
                break !is_cut;
            }
        };
        let output = child.wait_with_output().unwrap();
        site.hear(&output);
        proxy.settle();
        n_broken += broken_links(&tree(&server.bucket())).len();
        let mut sent: BTreeMap<String, usize> = BTreeMap::new();
        let mut count = |log: Vec<String>| {
            for line in
                log.iter().filter(|it| it.starts_with("PUT ") && it.ends_with(" 200"))
            {
                if !line.contains(".mujaz") {
                    *sent.entry(line.clone()).or_default() += 1;
                }
            }
        };
        count(proxy.log());
        proxy.set(Faults::default());
        assert_eq!(site.run(&[]), Some(0), "killed at {k}: {}", site.said);
        count(proxy.log());
        assert!(holds(&server.bucket(), &later()), "killed at {k}");
        n_broken += broken_links(&tree(&server.bucket())).len();
        let again: usize = sent.values().map(|it| it - 1).sum();
        most_again = most_again.max(again);
        again_in_all += again;
        assert_eq!(site.run(&["--rollback"]), Some(0), "killed at {k}: {}", site.said);
        assert!(holds(&server.bucket(), &two_briefings()), "killed at {k}");
        assert!(!site.has_leaked(&server.folder()));
        if is_done {
            break;
        }
    }
    println!(
        "R17: killed at each of {} requests: {n_broken} broken references, at most \
         {most_again} files sent again, {again_in_all} in all",
        k - 1
    );
    assert_eq!(n_broken, 0);
    assert!(most_again <= 1);
    assert!(30 < k);
}

#[test]
fn r18_u3_u5_u11_a_bad_host_loses_nothing_of_a_thousand_files() {
    let server = S3Server::new();
    let proxy = Proxy::new(server.port);
    let mut site = site(proxy.port);
    let desk = large(500, "text");
    let n_files = desk.files().len();
    proxy.set(Faults { busy: Some(3), reset: Some(7), damage: Some(50), cut_at: None });
    let started = Instant::now();
    assert_eq!(site.deploy(&desk, &[]), Some(0), "{}", site.said);
    let took = started.elapsed();
    let there = site_in(&server.bucket());
    let n_lost =
        desk.files().iter().filter(|(path, it)| there.get(*path) != Some(it)).count();
    println!(
        "R18: {n_lost} of {n_files} files lost; {} of {} requests failed, {:.1} s",
        proxy.n_faults(),
        proxy.n_requests(),
        took.as_secs_f64()
    );
    assert_eq!(n_lost, 0);
    assert!(proxy.n_requests() < 3 * proxy.n_faults(), "too few have failed");
    assert!(1_000 < n_files);
    // More than a thousand objects are listed in several pages: nothing is sent again.
    proxy.set(Faults::default());
    assert_eq!(site.deploy(&desk, &[]), Some(0), "{}", site.said);
    assert!(site.said.contains("nothing to send"), "{}", site.said);
    let lists = proxy.log().iter().filter(|it| it.contains("list-type=2")).count();
    assert!(2 <= lists, "{:?}", proxy.log());
}

#[test]
fn r19_u6_u7_nothing_goes_that_should_not() {
    let server = S3Server::new();
    let mut site = site(server.port);
    fs::create_dir_all(server.bucket().join("theirs")).unwrap();
    fs::write(server.bucket().join("theirs/index.html"), "theirs").unwrap();
    let desk = large(100, "text");
    assert_eq!(site.deploy(&desk, &[]), Some(0), "{}", site.said);
    let before = site_in(&server.bucket());
    // An empty build.
    site.write(&desk);
    fs::write(site.path().join("public/.mujaz-output.json"), "{\"files\": {}}").unwrap();
    assert_eq!(site.run(&[]), Some(2));
    assert!(site.said.contains("no home page"), "{}", site.said);
    // Another site, or the wrong prefix: more would go than is allowed.
    let settings = site.path().join("content/site.yaml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace(", max_deletes: 1000", "")).unwrap();
    assert_eq!(site.deploy(&large(70, "text"), &[]), Some(2));
    assert!(site.said.contains("30 of 103 addresses would go"), "{}", site.said);
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("region", "prefix: theirs, region")).unwrap();
    assert_eq!(site.deploy(&desk, &[]), Some(2));
    assert!(site.said.contains("mujaz did not send"), "{}", site.said);
    let n_gone = before
        .iter()
        .filter(|(path, it)| site_in(&server.bucket()).get(*path) != Some(it))
        .count();
    println!("R19: {n_gone} unwanted deletes");
    assert_eq!(n_gone, 0);
}

#[test]
fn u4_a_wrong_key_writes_nothing() {
    let server = S3Server::new();
    let secret = CANARY.replace("0123", "4567");
    let mut site = site(server.port).with_secret(&secret);
    assert_eq!(site.deploy(&two_briefings(), &[]), Some(2), "{}", site.said);
    assert!(site.said.contains("refuses the keys"), "{}", site.said);
    assert!(site.said.contains("MUJAZ_LIVE_SECRET_KEY"), "{}", site.said);
    assert!(!site.said.contains(&secret) && !site.said.contains(ACCESS_KEY));
    assert!(tree(&server.bucket()).is_empty());
    let _ = fs::remove_dir_all(server.bucket());
    let mut site = crate::s3_server::site(server.port);
    assert_eq!(site.deploy(&two_briefings(), &[]), Some(2), "{}", site.said);
    assert!(site.said.contains("NoSuchBucket"), "{}", site.said);
}

#[test]
fn u8_of_two_deploys_at_once_one_wins() {
    let server = S3Server::new();
    let proxy = Proxy::new(server.port);
    let (mut slow, mut fast) = (site(proxy.port), site(server.port));
    // The slow one has the lock and hangs.
    proxy.set(Faults { cut_at: Some(12), ..Faults::default() });
    let mut child = slow.begin(&two_briefings());
    while !proxy.is_cut() {
        assert!(child.try_wait().unwrap().is_none());
    }
    assert_eq!(fast.deploy(&later(), &[]), Some(2), "{}", fast.said);
    assert!(fast.said.contains("another deploy is at work there"), "{}", fast.said);
    child.kill().unwrap();
    child.wait().unwrap();
    proxy.set(Faults::default());
    assert_eq!(slow.deploy(&two_briefings(), &[]), Some(0), "{}", slow.said);
    assert!(holds(&server.bucket(), &two_briefings()));
    assert_eq!(fast.deploy(&later(), &[]), Some(0), "{}", fast.said);
    assert!(holds(&server.bucket(), &later()));
}

#[test]
fn u16_a_redirect_is_not_followed() {
    let server = S3Server::new();
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let liar = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut site = site(liar.local_addr().unwrap().port());
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for mut client in liar.incoming().flatten() {
            let _ = client.read(&mut [0; 4096]);
            let answer = format!(
                "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{port}/desk/x\r\n\
                 content-length: 0\r\nconnection: close\r\n\r\n"
            );
            let _ = client.write_all(answer.as_bytes());
        }
    });
    assert_eq!(site.deploy(&two_briefings(), &[]), Some(2), "{}", site.said);
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "the redirect was followed");
    assert!(!site.has_leaked(&server.folder()));
}

#[test]
fn u17_a_name_that_is_too_long_is_told_before_anything_is_sent() {
    let server = S3Server::new();
    let mut site = site(server.port);
    let letters = "ن".repeat(100);
    let address =
        format!("briefings/{letters}/{letters}/{letters}/{letters}/{letters}/x/");
    let desk = Desk::new(&[("briefing:a", &address, "one")]);
    assert_eq!(site.deploy(&desk, &[]), Some(2), "{}", site.said);
    assert!(site.said.contains("S3 takes 1024"), "{}", site.said);
    assert!(tree(&server.bucket()).is_empty());
}
