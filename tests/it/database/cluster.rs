//! A database server of the test's own, in a folder of its own, gone with the test.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use postgres::{Client, NoTls};
use tempfile::{TempDir, tempdir};

use crate::app::{ended, program, rasid, run, signal, until};

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "s3cret-of-the-tests";

/// Who may connect: the administrator without a password, others with one.
const HOSTS: &str = "local all,replication admin trust\nlocal all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n";

/// A running server. Reached by a socket in its folder, and by TLS if that is wanted.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: TempDir,
    child: Child,
    port: u16,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let folder = made();
        let child = serve(&folder, &["-c", "listen_addresses="]);
        Self { folder, child, port: 5432 }.ready()
    }

    /// The same with a certificate for `localhost`, on 127.0.0.1 as well; gives the authority's file too.
    pub(crate) fn start_with_tls() -> (Self, PathBuf) {
        let folder = made();
        let at = |name: &str| folder.path().join(name);
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(at("server.crt"), made.cert.pem()).unwrap();
        fs::write(at("server.key"), made.signing_key.serialize_pem()).unwrap();
        fs::set_permissions(at("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
        give_away(&at("server.key"));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let flags = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c ssl_cert_file={} -c ssl_key_file={}",
            at("server.crt").display(),
            at("server.key").display()
        );
        let child = serve(&folder, &flags.split(' ').collect::<Vec<_>>());
        let authority = at("server.crt");
        (Self { folder, child, port }.ready(), authority)
    }

    /// A server that follows this one, and takes no writes.
    pub(crate) fn standby(&self) -> Self {
        let folder = own_folder();
        let mut copy = as_other("pg_basebackup");
        copy.arg("-D").arg(folder.path().join("data")).arg("-h").arg(self.folder.path());
        run(copy.args(["-U", "admin", "-R", "--no-sync", "--checkpoint=fast"])).done();
        let child = serve(&folder, &["-c", "listen_addresses="]);
        Self { folder, child, port: self.port }.ready()
    }

    /// Ends the server, and every connection to it.
    pub(crate) fn stop(&mut self) {
        signal(&self.child, "INT");
        ended(&mut self.child);
    }

    /// Starts it again with what it holds.
    pub(crate) fn start_again(&mut self) {
        self.child = serve(&self.folder, &["-c", "listen_addresses="]);
        until("the database server", || self.try_ask("postgres", "SELECT 1").ok());
    }

    fn ready(self) -> Self {
        until("the database server", || self.try_ask("postgres", "SELECT 1").ok());
        self
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A connection of the administrator.
    pub(crate) fn client(&self, database: &str) -> Client {
        Client::connect(&self.settings("admin", database), NoTls).unwrap()
    }

    /// Lets the administrator do something.
    pub(crate) fn ask(&self, database: &str, sql: &str) {
        self.try_ask(database, sql).unwrap();
    }

    fn try_ask(&self, database: &str, sql: &str) -> Result<(), postgres::Error> {
        Client::connect(&self.settings("admin", database), NoTls)?.batch_execute(sql)
    }

    /// One value that the administrator asks for.
    pub(crate) fn value<T: for<'a> postgres::types::FromSql<'a>>(
        &self,
        database: &str,
        sql: &str,
    ) -> T {
        self.client(database).query_one(sql, &[]).unwrap().get(0)
    }

    /// How a connection is described to other programs.
    pub(crate) fn settings(&self, user: &str, database: &str) -> String {
        format!(
            "host={} port={} user={user} password={PASSWORD} dbname={database}",
            self.folder.path().display(),
            self.port
        )
    }

    /// The address of a database for a user, without a password.
    pub(crate) fn address(&self, user: &str, database: &str) -> String {
        let folder = self.folder.path().display();
        format!("postgres://{user}@/{database}?host={folder}&port={}", self.port)
    }

    /// A database with PostGIS that belongs to `keeper`, as its address.
    pub(crate) fn database(&self, name: &str) -> String {
        let role = format!(
            "DO $$ BEGIN CREATE ROLE keeper LOGIN PASSWORD '{PASSWORD}';
             EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        );
        self.ask("postgres", &role);
        self.ask("postgres", &format!("CREATE DATABASE {name} OWNER keeper"));
        self.ask(name, "CREATE EXTENSION postgis");
        self.address("keeper", name)
    }

    /// `rasid serve` of a database, of somebody who knows the password.
    pub(crate) fn replica(&self, address: &str) -> Command {
        let mut command = rasid();
        command.args(["serve", "--store", address, "--listen", "127.0.0.1:0"]);
        command.env("PGPASSWORD", PASSWORD).env("HOME", self.folder.path());
        command
    }

    /// `rasid copy` of somebody who knows the password.
    pub(crate) fn copy(&self, from: impl AsRef<OsStr>, to: impl AsRef<OsStr>) -> Command {
        let mut command = rasid();
        command.arg("copy").arg("--from").arg(from).arg("--to").arg(to);
        command.env("PGPASSWORD", PASSWORD).env("HOME", self.folder.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A folder that the server may write to.
fn own_folder() -> TempDir {
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    give_away(folder.path());
    folder
}

/// A folder with an empty cluster in it.
fn made() -> TempDir {
    let folder = own_folder();
    let data = folder.path().join("data");
    let mut init = as_other("initdb");
    init.arg("-D").arg(&data).args(["-U", "admin", "--auth=trust", "--no-sync", "-E", "UTF8"]);
    // Texts are ordered by the rules of a language, as in most databases.
    init.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ar"]);
    run(&mut init).done();
    fs::write(data.join("pg_hba.conf"), HOSTS).unwrap();
    folder
}

fn serve(folder: &TempDir, flags: &[&str]) -> Child {
    let mut command = as_other("postgres");
    command.arg("-D").arg(folder.path().join("data")).args(flags);
    command.args(["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c"]);
    command.arg(format!("unix_socket_directories={}", folder.path().display()));
    let log = fs::File::create(folder.path().join("log")).unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().unwrap()
}

/// A program of the server, as somebody who is not root: it refuses to run as that.
fn as_other(name: &str) -> Command {
    // It ends with the test, however that ends.
    let mut command = program("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
    }
    command.arg(binaries().join(name)).current_dir("/");
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn give_away(path: &Path) {
    if is_root() {
        run(program("chown").arg("postgres").arg(path)).done();
    }
}

/// Where Debian keeps the programs of the newest server.
fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("postgresql is needed here");
    let mut versions: Vec<PathBuf> = versions.map(|entry| entry.unwrap().path()).collect();
    versions.retain(|path| path.join("bin/initdb").exists());
    versions.sort();
    versions.pop().expect("postgresql is needed here").join("bin")
}
