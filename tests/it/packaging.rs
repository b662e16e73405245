//! The unit that comes with the program is one that systemd takes, and leaves little open.

use std::fs;

use tempfile::tempdir;

use crate::app::{program, run};
use crate::tidy::read;

/// Of 10, which is a service with every right; what is left is the network.
const MOST_EXPOSED: &str = "20";

#[test]
fn systemd_takes_the_unit_and_finds_little_open() {
    let folder = tempdir().unwrap();
    let unit = folder.path().join("rasid.service");
    // As if it were installed.
    let text =
        read("packaging/rasid.service").replace("/usr/bin/rasid", env!("CARGO_BIN_EXE_rasid"));
    let text = text.replace("Documentation=file:///usr/share/doc/rasid/operating.md\n", "");
    fs::write(&unit, text).unwrap();
    let verified = run(program("systemd-analyze").arg("verify").arg(&unit)).done();
    assert_eq!(verified.err, "", "it warns of nothing");
    let mut security = program("systemd-analyze");
    security.args(["security", "--offline=true", "--no-pager", "--threshold", MOST_EXPOSED]);
    run(security.arg(&unit)).done();
}

#[test]
fn the_package_holds_files_that_are_there() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let deb = manifest["package"]["metadata"]["deb"].as_table().unwrap();
    for asset in deb["assets"].as_array().unwrap() {
        let path = asset[0].as_str().unwrap();
        // The program is built before the package is; the docs are many.
        if !path.starts_with("target/") && !path.contains('*') {
            assert!(crate::tidy::root(path).exists(), "{path}");
        }
    }
    for script in ["postinst", "prerm", "postrm"] {
        let path = format!("{}/{script}", deb["maintainer-scripts"].as_str().unwrap());
        run(program("sh").arg("-n").arg(crate::tidy::root(&path))).done();
        assert!(read(&path).contains("#DEBHELPER#"), "{path}");
    }
}
