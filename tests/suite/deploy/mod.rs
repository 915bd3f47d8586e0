//! What a deploy promises, shown on a host in memory, on folders and on branches.

mod command;
mod desk;
mod memory;

use std::collections::{BTreeMap, BTreeSet};

use mujaz::publish::plan::Rules;
use mujaz::publish::state::{PENDING, STATE, State};
use proptest::prelude::*;

use crate::deploy::desk::{Desk, broken_links, later, two_briefings};
use crate::deploy::memory::{Machine, Memory, rules, rules_at};

fn state(host: &Memory) -> State {
    State::parse(&host.objects()[STATE]).unwrap()
}

#[test]
fn u1_at_every_request_a_reader_meets_nothing_that_is_missing() {
    for lists in [true, false] {
        let (host, machine) = (Memory::new(lists), Machine::new());
        machine.run(&host, Some(&two_briefings()), rules()).unwrap();
        machine.run(&host, Some(&later()), rules()).unwrap();
        machine.run(&host, None, rules()).unwrap();
        assert_eq!(host.broken(), Vec::<String>::new());
        assert!(broken_links(&host.objects()).is_empty());
    }
}

#[test]
fn u1_the_order_is_files_pages_briefings_entrances_state_deletions() {
    let (host, machine) = (Memory::new(true), Machine::new());
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    host.take_log();
    machine.run(&host, Some(&later()), rules()).unwrap();
    machine.run(&host, Some(&later()), rules_at("2026-03-02T12:00:00Z")).unwrap();
    let log = host.take_log();
    let at = |what: &str| {
        log.iter().position(|it| it == what).unwrap_or_else(|| panic!("{what}: {log:#?}"))
    };
    let picture = log.iter().position(|it| it.starts_with("write assets/card.")).unwrap();
    let order = [
        picture,
        at("write briefings/2025/c/index.html"),
        at("write briefings/2025/أ/index.html"),
        at("write index.html"),
        at(&format!("write {STATE}")),
        log.iter().position(|it| it.starts_with("delete assets/")).unwrap(),
    ];
    assert!(order.is_sorted(), "{order:?} {log:#?}");
}

#[test]
fn u2_cut_at_every_request_the_site_is_whole_and_the_rest_is_sent_once() {
    for (lists, is_deaf) in [(true, false), (true, true), (false, false), (false, true)] {
        let mut was_cut = true;
        let mut k = 0;
        while was_cut {
            k += 1;
            let (host, machine) = (Memory::new(lists), Machine::new());
            machine.run(&host, Some(&two_briefings()), rules()).unwrap();
            host.take_log();
            host.cut_after(Some(k), is_deaf);
            was_cut = machine.run(&host, Some(&later()), rules()).is_err();
            host.cut_after(None, false);
            machine.run(&host, Some(&later()), rules()).unwrap();
            assert_eq!(host.broken(), Vec::<String>::new(), "cut at {k}");
            let mut sent: BTreeMap<String, usize> = BTreeMap::new();
            for change in host.take_log().iter().filter(|it| it.starts_with("write ")) {
                if !change.contains(" .mujaz") {
                    *sent.entry(change.clone()).or_default() += 1;
                }
            }
            // Several files are under way at once; each of them at most once more.
            let n_again: usize = sent.values().map(|it| it - 1).sum();
            assert!(n_again <= 1, "cut at {k}, lists {lists}: {sent:#?}");
            let files = later().files();
            let site = host.site();
            assert!(
                files.iter().all(|(path, it)| site.get(path) == Some(it)),
                "cut at {k}"
            );
            assert!(!host.objects().contains_key(PENDING));
            assert_eq!(state(&host).generation, 2);
            machine.run(&host, None, rules()).unwrap();
            let site = host.site();
            for (path, bytes) in two_briefings().files() {
                assert_eq!(site.get(&path), Some(&bytes), "cut at {k}: {path}");
            }
        }
        assert!(20 < k, "only {k} requests");
    }
}

#[test]
fn u2_another_machine_goes_on_when_the_lock_is_nobodys() {
    let (host, first, second) = (Memory::new(true), Machine::new(), Machine::new());
    first.run(&host, Some(&two_briefings()), rules()).unwrap();
    host.cut_after(Some(20), false);
    first.run(&host, Some(&later()), rules()).unwrap_err();
    host.cut_after(None, false);
    let refused = second.run(&host, Some(&later()), rules()).unwrap_err();
    assert!(refused.to_string().contains("another deploy is at work"), "{refused}");
    host.put(
        ".mujaz-deploy.lock",
        b"{\"id\": \"x\", \"renewed\": \"2026-03-01T11:44:00Z\"}",
    );
    second.run(&host, Some(&later()), rules()).unwrap();
    let site = host.site();
    assert!(later().files().iter().all(|(path, it)| site.get(path) == Some(it)));
}

#[test]
fn a_lock_of_a_clock_that_was_wrong_holds_nobody_up_for_years() {
    let (host, machine) = (Memory::new(true), Machine::new());
    host.put(
        ".mujaz-deploy.lock",
        b"{\"id\": \"x\", \"renewed\": \"2030-03-01T12:00:00Z\"}",
    );
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    // Not for a few minutes that clocks differ by.
    host.put(
        ".mujaz-deploy.lock",
        b"{\"id\": \"x\", \"renewed\": \"2026-03-01T12:05:00Z\"}",
    );
    let error = machine.run(&host, Some(&later()), rules()).unwrap_err();
    assert!(error.help().unwrap().contains(".mujaz-deploy.lock"), "{error}");
}

#[test]
fn a_state_that_was_cut_before_its_first_byte_is_none() {
    let (host, machine) = (Memory::new(true), Machine::new());
    host.put(STATE, b"");
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    assert_eq!(state(&host).generation, 1);
}

#[test]
fn a_file_that_is_gone_stops_a_rollback_before_anything_is_written() {
    let (host, machine) = (Memory::new(true), Machine::new());
    let edited = Desk::new(&[
        ("briefing:a", "briefings/2025/أ/", "one, edited"),
        ("briefing:b", "briefings/2025/b c+d&e/", "two"),
    ]);
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    machine.run(&host, Some(&edited), rules()).unwrap();
    // Both sites have it, so that there is no copy.
    let shared = "briefings/2025/b c+d&e/index.html";
    assert_eq!(two_briefings().files()[shared], edited.files()[shared]);
    host.remove(shared);
    let before = host.objects();
    let error = machine.run(&host, None, rules()).unwrap_err();
    assert!(error.to_string().contains("there is no copy of it"), "{error}");
    assert_eq!(host.objects(), before);
    machine.run(&host, Some(&edited), rules()).unwrap();
    machine.run(&host, None, rules()).unwrap();
    let site = host.site();
    assert!(two_briefings().files().iter().all(|(path, it)| site.get(path) == Some(it)));
}

#[test]
fn a_purge_takes_what_a_clock_ahead_has_retired() {
    let (host, machine) = (Memory::new(true), Machine::new());
    machine.run(&host, Some(&later()), rules()).unwrap();
    machine.run(&host, Some(&two_briefings()), rules_at("2026-03-20T12:00:00Z")).unwrap();
    let gone = "briefings/2025/c/index.html";
    assert!(host.site().contains_key(gone));
    let purge = Rules { grace: std::time::Duration::ZERO, allow_older: true, ..rules() };
    machine.run(&host, Some(&two_briefings()), purge).unwrap();
    assert!(!host.site().contains_key(gone));
}

#[test]
fn a_file_that_somebody_has_replaced_is_not_deleted() {
    let (host, machine) = (Memory::new(true), Machine::new());
    machine.run(&host, Some(&later()), rules()).unwrap();
    let path = "briefings/2025/c/index.html";
    host.put(path, b"theirs, and of another length");
    machine.run(&host, Some(&two_briefings()), rules_at("2026-03-20T12:00:00Z")).unwrap();
    machine.run(&host, Some(&two_briefings()), rules_at("2026-03-30T12:00:00Z")).unwrap();
    assert_eq!(host.site()[path], b"theirs, and of another length");
}

#[test]
fn u6_too_many_deletes_need_their_number() {
    let many: Vec<(String, String)> = (0..20)
        .map(|it| (format!("briefing:{it}"), format!("briefings/2025/{it}/")))
        .collect();
    let all: Vec<_> =
        many.iter().map(|(id, at)| (id.as_str(), at.as_str(), "x")).collect();
    let (host, machine) = (Memory::new(true), Machine::new());
    let rules = Rules { max_deletes: None, ..rules() };
    machine.run(&host, Some(&Desk::new(&all)), rules).unwrap();
    let before = host.objects();
    let few = Desk::new(&all[..10]);
    let error = machine.run(&host, Some(&few), rules).unwrap_err();
    assert!(error.to_string().contains("10 of 23 addresses would go"), "{error}");
    assert!(error.help().unwrap().contains("--allow-deletes 10"));
    for wrong in [9, 11, 1000] {
        let rules = Rules { allow_deletes: Some(wrong), ..rules };
        machine.run(&host, Some(&few), rules).unwrap_err();
    }
    assert_eq!(host.objects(), before);
    let rules = Rules { allow_deletes: Some(10), ..rules };
    machine.run(&host, Some(&few), rules).unwrap();
    // Nothing is deleted before its time.
    assert!(host.site().contains_key("briefings/2025/15/index.html"));
}

#[test]
fn u7_what_is_not_ours_is_neither_written_over_nor_deleted() {
    let (host, machine) = (Memory::new(true), Machine::new());
    host.put("CNAME", b"example.org");
    host.put("old/page.html", b"theirs");
    host.put("index.html", b"theirs");
    let error = machine.run(&host, Some(&two_briefings()), rules()).unwrap_err();
    assert!(error.to_string().contains("mujaz did not send"), "{error}");
    assert_eq!(host.site().len(), 3);
    host.put("index.html", &two_briefings().files()["index.html"]);
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    machine.run(&host, Some(&later()), rules_at("2026-03-05T12:00:00Z")).unwrap();
    machine.run(&host, Some(&later()), rules_at("2026-03-09T12:00:00Z")).unwrap();
    assert_eq!(host.site()["CNAME"], b"example.org");
    assert_eq!(host.site()["old/page.html"], b"theirs");
}

#[test]
fn u14_an_older_site_is_refused() {
    let (host, machine) = (Memory::new(true), Machine::new());
    let mut desk = two_briefings();
    desk.newest = Some("2026-02-01T00:00:00Z".to_owned());
    machine.run(&host, Some(&desk), rules()).unwrap();
    let mut older = later();
    older.newest = Some("2026-01-31T23:59:59Z".to_owned());
    let error = machine.run(&host, Some(&older), rules()).unwrap_err();
    assert!(error.help().unwrap().contains("--allow-older"), "{error}");
    let rules = Rules { allow_older: true, ..rules() };
    machine.run(&host, Some(&older), rules).unwrap();
}

#[test]
fn u15_the_last_site_comes_back_byte_by_byte_and_goes_again() {
    for lists in [true, false] {
        let (host, machine) = (Memory::new(lists), Machine::new());
        machine.run(&host, Some(&two_briefings()), rules()).unwrap();
        let first = host.site();
        machine.run(&host, Some(&later()), rules()).unwrap();
        machine.run(&host, None, rules()).unwrap();
        assert_eq!(host.site(), first);
        machine.run(&host, None, rules()).unwrap();
        let site = host.site();
        assert!(later().files().iter().all(|(path, it)| site.get(path) == Some(it)));
    }
}

#[test]
fn u15_a_deploy_without_changes_keeps_the_last_site_that_can_come_back() {
    let (host, machine) = (Memory::new(true), Machine::new());
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    machine.run(&host, Some(&later()), rules()).unwrap();
    // After the grace what the first site had is deleted, and copied before.
    machine.run(&host, Some(&later()), rules_at("2026-03-03T12:00:00Z")).unwrap();
    let n_copies =
        host.objects().keys().filter(|it| it.starts_with(".mujaz/previous/")).count();
    assert_eq!(n_copies, state(&host).copies.len());
    machine.run(&host, None, rules()).unwrap();
    let site = host.site();
    for (path, bytes) in two_briefings().files() {
        assert_eq!(site.get(&path), Some(&bytes), "{path}");
    }
}

#[test]
fn a_page_that_moves_again_and_again_is_found_at_every_old_address() {
    let (host, machine) = (Memory::new(true), Machine::new());
    let at = |address| Desk::new(&[("briefing:a", address, "one")]);
    for address in ["briefings/1/a/", "briefings/2/a/", "briefings/3/a/"] {
        machine.run(&host, Some(&at(address)), rules()).unwrap();
    }
    let site = host.site();
    for old in ["briefings/1/a/index.html", "briefings/2/a/index.html"] {
        let page = String::from_utf8(site[old].clone()).unwrap();
        assert!(page.contains("url=https://example.org/briefings/3/a/"), "{page}");
    }
    // Back at the first address, the page itself stands there.
    machine.run(&host, Some(&at("briefings/1/a/")), rules()).unwrap();
    let site = host.site();
    assert_eq!(
        site["briefings/1/a/index.html"],
        at("briefings/1/a/").files()["briefings/1/a/index.html"]
    );
    let page = String::from_utf8(site["briefings/3/a/index.html"].clone()).unwrap();
    assert!(page.contains("url=https://example.org/briefings/1/a/"));
    // Redirects stay when nothing else of the page does.
    machine
        .run(&host, Some(&at("briefings/1/a/")), rules_at("2027-03-01T12:00:00Z"))
        .unwrap();
    assert!(host.site().contains_key("briefings/2/a/index.html"));
}

#[test]
fn what_somebody_has_deleted_on_the_host_is_sent_again() {
    let (host, machine) = (Memory::new(true), Machine::new());
    machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    let path = "briefings/2025/أ/index.html";
    mujaz::publish::host::Host::delete(&host, path).unwrap();
    let done = machine.run(&host, Some(&two_briefings()), rules()).unwrap();
    assert_eq!(done.n_sent, 1);
    assert!(host.site().contains_key(path));
    assert_eq!(machine.run(&host, Some(&two_briefings()), rules()).unwrap().n_sent, 0);
}

/// A desk of up to six briefings, some at other addresses or with other words.
fn desks() -> impl Strategy<Value = Desk> {
    let briefing = (0..6u8, 0..2u8, 0..3u8);
    (prop::collection::vec(briefing, 0..6), 0..2u8).prop_map(|(all, look)| {
        let mut desk = Desk::new(&[]);
        desk.look = format!("look {look}");
        for (id, place, words) in all {
            let at = format!("briefings/{place}/{id}/");
            desk.briefings
                .insert(format!("briefing:{id}"), (at, format!("{id} {words}")));
        }
        desk
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever is deployed after whatever, and wherever it is cut: a reader meets nothing
    /// missing, what is foreign stays, the end is what was wanted, and it can come back.
    #[test]
    fn u1_u2_u7_any_sites_in_any_order(
        all in prop::collection::vec((desks(), 1..60usize, any::<bool>(), 0..3i64), 2..5),
        lists in any::<bool>(),
    ) {
        let (host, machine) = (Memory::new(lists), Machine::new());
        host.put("theirs/index.html", b"theirs");
        let mut before: Option<Desk> = None;
        for (desk, k, is_deaf, hours) in all {
            let rules = rules_at(&format!("2026-03-0{}T12:00:00Z", 1 + hours));
            host.cut_after(Some(k), is_deaf);
            let first = machine.run(&host, Some(&desk), rules);
            host.cut_after(None, false);
            if first.is_err() {
                machine.run(&host, Some(&desk), rules).unwrap();
            }
            prop_assert!(host.broken().is_empty(), "{:?}", host.broken());
            let site = host.site();
            for (path, bytes) in desk.files() {
                prop_assert_eq!(site.get(&path), Some(&bytes), "{}", path);
            }
            prop_assert_eq!(&site["theirs/index.html"], b"theirs");
            // Nothing is there that the state does not name.
            let state = state(&host);
            let known: BTreeSet<&String> = state.now.files.keys().chain(state.retired.keys()).collect();
            let odd: Vec<&String> = site.keys().filter(|it| !known.contains(it) && *it != "theirs/index.html").collect();
            prop_assert!(odd.is_empty(), "{:?}", odd);
            let copies = host.objects().keys().filter(|it| it.starts_with(".mujaz/previous/")).count();
            prop_assert_eq!(copies, state.copies.len());
            if let Some(before) = before.filter(|it| it.files() != desk.files()) {
                machine.run(&host, None, rules).unwrap();
                let site = host.site();
                for (path, bytes) in before.files() {
                    prop_assert_eq!(site.get(&path), Some(&bytes), "back: {}", path);
                }
                machine.run(&host, None, rules).unwrap();
            }
            before = Some(desk);
        }
    }
}
