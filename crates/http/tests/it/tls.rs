//! The files of certificate and key, read again and again.

use std::fs;

use app::port::Millis;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rolecall_http::{Reload, Tls};
use tempfile::TempDir;

const DAY: Millis = 24 * 60 * 60 * 1_000;
/// 2026-01-01
const NOW: Millis = 20_454 * DAY;

/// A certificate and its key in PEM, good from the first of a month of 2026 to the end of a year.
fn pair(month: u8, last: i32) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(["scim.example.com".to_owned()]).unwrap();
    parameters.not_before = date_time_ymd(2026, month, 1);
    parameters.not_after = date_time_ymd(last, 12, 31);
    let certificate = parameters.self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

fn put(folder: &TempDir, certificate: &str, key: &str) {
    fs::write(folder.path().join("chain.pem"), certificate).unwrap();
    fs::write(folder.path().join("key.pem"), key).unwrap();
}

fn load(folder: &TempDir) -> Tls {
    let path = |name| folder.path().join(name);
    Tls::load(&path("chain.pem"), &path("key.pem"), NOW).unwrap()
}

#[track_caller]
fn refused(reload: &Reload, says: &str) {
    match reload {
        Reload::Refused(fault) => assert!(fault.detail.contains(says), "{fault}"),
        other => panic!("{other:?} is not refused"),
    }
}

#[test]
fn a_pair_that_was_refused_is_taken_as_soon_as_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let ((old, old_key), (new, new_key)) = (pair(1, 2026), pair(2, 2027));
    put(&folder, &old, &old_key);
    let tls = load(&folder);
    assert_eq!(tls.reload(NOW), Reload::Same);
    // Not yet good. Nobody touches the files afterwards.
    put(&folder, &new, &new_key);
    refused(&tls.reload(NOW), "begins only on 2026-02-01");
    assert_eq!(tls.reload(NOW), Reload::Same, "told once");
    assert_eq!(tls.ends(), NOW + 364 * DAY, "the one before goes on");
    let ends = NOW + (365 + 364) * DAY;
    assert_eq!(tls.reload(NOW + 31 * DAY), Reload::Changed(ends));
    assert_eq!(tls.ends(), ends);
    assert_eq!(tls.reload(NOW + 31 * DAY), Reload::Same);
}

#[test]
fn a_renewal_that_is_half_written_is_taken_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let ((old, old_key), (new, new_key)) = (pair(1, 2026), pair(1, 2027));
    put(&folder, &old, &old_key);
    let tls = load(&folder);
    let half = &new[..new.len() / 2];
    for (certificate, key, says) in [
        (half, old_key.as_str(), "holds no certificate"),
        (&new, &old_key, "is not the key of the certificate"),
    ] {
        put(&folder, certificate, key);
        refused(&tls.reload(NOW), says);
        assert_eq!(tls.reload(NOW), Reload::Same, "told once");
    }
    fs::remove_file(folder.path().join("key.pem")).unwrap();
    refused(&tls.reload(NOW), "cannot be read");
    put(&folder, &new, &new_key);
    assert!(matches!(tls.reload(NOW), Reload::Changed(_)));
    // What was there before is no news, and what is wrong after it is told again.
    put(&folder, &old, &new_key);
    refused(&tls.reload(NOW), "is not the key of the certificate");
    put(&folder, &new, &new_key);
    assert_eq!(tls.reload(NOW), Reload::Same);
    put(&folder, &old, &new_key);
    refused(&tls.reload(NOW), "is not the key of the certificate");
}
