//! The built program as its users have it: run to its end, or serving until the test is over.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use serde_json::value::RawValue;
use tempfile::TempDir;

/// The sample articles.
pub(crate) const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

/// How many articles they are.
pub(crate) const SAMPLE_ARTICLES: usize = 27;

/// What allows to hand in articles, where a server was told so.
pub(crate) const TOKEN: &str = "a-token-for-the-tests";

/// How long anything may take before a test gives up on it; far more than it ever needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// What a client for the web needs to be made, even if it is to speak without TLS.
pub(crate) fn offer_tls() {
    // Only the first in a process is taken, and all are the same.
    rustls::crypto::ring::default_provider().install_default().ok();
}

/// Asks again and again until there is an answer.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        // Leaves the processor to the one that is waited for.
        thread::park_timeout(Duration::from_millis(1));
    }
}

/// The program, free of settings that the test did not make, and shut off from the network.
pub(crate) fn rasid() -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_rasid"));
    command.env("RASID_GAZETTEER_UPDATE", "never");
    command
}

/// The program with the governorates, their seats and some towns for a gazetteer: there at once, for whoever asks
/// nothing of the thousands of other places.
pub(crate) fn quick() -> Command {
    let mut command = rasid();
    command.env(
        "RASID_GAZETTEER",
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/few_places.geojson"),
    );
    command
}

/// Another program of this machine, free of settings that would lead it elsewhere.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_uppercase();
        let ours = upper.starts_with("RASID_") || upper.starts_with("RUST_");
        if ours || upper.ends_with("_PROXY") || upper.starts_with("GDAL_HTTP") {
            command.env_remove(name);
        }
    }
    command
}

/// The program without the right of the superuser to read what nobody may read.
pub(crate) fn unprivileged(command: &Command) -> Command {
    // It is given up for good: whoever starts without it cannot get it back.
    let mut held = program("setpriv");
    held.args(["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]);
    starting(held, command)
}

/// A program that starts another one, with its arguments and what it finds in its environment.
pub(crate) fn starting(mut outer: Command, inner: &Command) -> Command {
    outer.arg(inner.get_program()).args(inner.get_args());
    outer.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    outer
}

/// What a program that ran to its end left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Fails unless the program says that all is well.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert!(self.status.success(), "{self:#?}");
        self
    }

    /// Fails unless the program refused, told why in these words, and printed nothing else.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!(self.status.code(), Some(code), "{self:#?}");
        assert_eq!(self.out, "", "data is only printed when there is some");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not said: {self:#?}");
        }
        for word in ["panicked", "RUST_BACKTRACE", "unwrap", "Error {"] {
            assert!(!self.err.contains(word), "`{word}` is no word for users: {self:#?}");
        }
    }

    /// Every line of the output as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// The features of the collection that was printed.
    pub(crate) fn features(&self) -> Vec<Value> {
        let collection: Value = serde_json::from_str(&self.out).expect(&self.out);
        collection["features"].as_array().expect("a collection has features").clone()
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    run_with(command, b"")
}

/// Runs a program to its end with something on its standard input.
pub(crate) fn run_with(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{} is needed here: {error}", command.get_program().display())
        });
    let out = read_beside(child.stdout.take().unwrap());
    let err = read_beside(child.stderr.take().unwrap());
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // A program that has seen enough closes its end; that is its right.
        scope.spawn(move || stdin.write_all(input).ok());
        let status = ended(&mut child);
        Ran { status, out: out.join().unwrap(), err: err.join().unwrap() }
    })
}

fn read_beside(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Waits until a program ends.
pub(crate) fn ended(child: &mut Child) -> ExitStatus {
    until("a program to end", || child.try_wait().unwrap())
}

/// A store with the sample articles, which one of all tests makes with the program as it is built now.
fn samples_store() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("samples");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let store = store_in(&folder);
    let samples = fs::read_dir(SAMPLES).unwrap().map(|sample| sample.unwrap().path());
    let of = |path: PathBuf| fs::metadata(path)?.modified();
    let newest =
        samples.chain([env!("CARGO_BIN_EXE_rasid").into()]).map(|path| of(path).unwrap()).max();
    if of(store.clone()).ok() <= newest {
        let begun = tempfile::tempdir_in(&folder).unwrap();
        run(rasid().args(["ingest", SAMPLES, "--store"]).arg(store_in(begun.path()))).done();
        fs::rename(store_in(begun.path()), &store).unwrap();
    }
    store
}

/// A server on a free port with a folder of its own. Ends with the test, and its log must be clean.
#[derive(Debug)]
pub(crate) struct Rasid {
    folder: TempDir,
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
    client: reqwest::blocking::Client,
    allowed: Vec<&'static str>,
}

impl Rasid {
    /// Serves sources from a new store, and waits until they are read.
    pub(crate) fn serve(sources: &[&str]) -> Self {
        Self::serve_in(tempfile::tempdir().unwrap(), sources)
    }

    /// Serves the sample articles, as a run before has read them.
    pub(crate) fn on_samples() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(samples_store(), store_in(folder.path())).unwrap();
        Self::serve_in(folder, &[])
    }

    /// The same with a store that may be there already.
    pub(crate) fn serve_in(folder: TempDir, sources: &[&str]) -> Self {
        Self::serve_by(rasid(), folder, sources)
    }

    /// Serves sources from a new store with few places.
    pub(crate) fn quick(sources: &[&str]) -> Self {
        Self::quick_in(tempfile::tempdir().unwrap(), sources)
    }

    /// The same with a store that may be there already.
    pub(crate) fn quick_in(folder: TempDir, sources: &[&str]) -> Self {
        Self::serve_by(quick(), folder, sources)
    }

    fn serve_by(mut command: Command, folder: TempDir, sources: &[&str]) -> Self {
        command.arg("serve").args(sources).arg("--store").arg(store_in(folder.path()));
        command.args(["--listen", "127.0.0.1:0"]);
        Self::start(folder, &mut command)
    }

    /// Serves a new store that takes articles, with few places.
    pub(crate) fn taking() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = quick();
        command.arg("serve").arg("--store").arg(store_in(folder.path()));
        command.args(["--listen", "127.0.0.1:0"]).env("RASID_TOKEN", TOKEN);
        Self::start(folder, &mut command)
    }

    /// Starts a server by a whole command line, and waits until its sources are read.
    pub(crate) fn start(folder: TempDir, command: &mut Command) -> Self {
        let server = Self::begin(folder, command);
        until("the sources to be read", || {
            let answer = server.get("/health/ready");
            assert!([200, 503].contains(&answer.status), "{answer:?}");
            (answer.status == 200).then_some(())
        });
        server
    }

    /// Starts a server by a whole command line, and waits until it listens.
    pub(crate) fn begin(folder: TempDir, command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        write_beside(child.stderr.take().unwrap(), Arc::clone(&log));
        let address = until("the address", || {
            let told = log.lock().unwrap().clone();
            assert!(child.try_wait().unwrap().is_none(), "the server ended: {told}");
            let (_, rest) = told.split_once("rasid listens on http://")?;
            let (address, _) = rest.split_once('/')?;
            Some(address.parse().unwrap())
        });
        offer_tls();
        let client =
            reqwest::blocking::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { folder, child, address, log, client, allowed: Vec::new() }
    }

    /// Names a warning that belongs to the test.
    pub(crate) fn expect_warning(mut self, words: &'static str) -> Self {
        self.allowed.push(words);
        self
    }

    /// What the server has said so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The store file.
    pub(crate) fn store(&self) -> PathBuf {
        store_in(self.folder.path())
    }

    /// Where it keeps what it fetches.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.folder.path().join("gazetteer-sources")
    }

    /// Asks as a program does.
    pub(crate) fn get(&self, path: &str) -> Answer {
        let answer = self.client.get(self.url(path)).send().unwrap();
        let kind = answer.headers().get("content-type");
        Answer {
            status: answer.status().as_u16(),
            content_type: kind.map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default(),
            body: answer.text().unwrap(),
        }
    }

    /// A header of an answer.
    pub(crate) fn header(&self, path: &str, name: &str) -> Option<String> {
        let answer = self.client.get(self.url(path)).send().unwrap();
        Some(answer.headers().get(name)?.to_str().unwrap().to_owned())
    }

    /// Sends JSON with a token, and gives the status and the body of the answer.
    pub(crate) fn post(&self, path: &str, token: &str, body: &str) -> (u16, String) {
        self.try_post(path, token, body).expect("the server answers")
    }

    /// The same with a server that may have ended.
    pub(crate) fn try_post(&self, path: &str, token: &str, body: &str) -> Option<(u16, String)> {
        let request = self.client.post(self.url(path)).bearer_auth(token);
        let request = request.header("content-type", "application/json");
        let answer = request.body(body.to_owned()).send().ok()?;
        Some((answer.status().as_u16(), answer.text().ok()?))
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to end.
    pub(crate) fn terminate(&self) {
        terminate(&self.child);
    }

    /// The lines of the stream of events after this one, for as long as it is open.
    pub(crate) fn listen(&self, last: &str) -> impl Iterator<Item = String> + use<> {
        let request = self.client.get(self.url("/collections/events/stream"));
        let answer = request.header("last-event-id", last).send().unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        BufReader::new(answer).lines().map_while(Result::ok)
    }

    /// The bytes of an answer, which must be given.
    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.client.get(self.url(path)).send().unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().unwrap().to_vec()
    }

    /// The features that a search gives, byte for byte.
    pub(crate) fn features(&self, search: &str) -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Collection {
            features: Vec<Box<RawValue>>,
        }
        let answer = self.get(&format!("/collections/events/items?limit=10000&{search}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        let collection: Collection = serde_json::from_str(&answer.body).unwrap();
        collection.features.iter().map(|feature| feature.get().to_owned()).collect()
    }

    /// The ids of the features that a search gives, sorted.
    pub(crate) fn ids(&self, search: &str) -> Vec<String> {
        sorted(self.features(search).iter().map(|feature| id_of(feature)))
    }

    /// Waits until the server ends by itself, and gives its last words.
    pub(crate) fn ends(&mut self) -> (ExitStatus, String) {
        let status = ended(&mut self.child);
        (status, self.log.lock().unwrap().clone())
    }

    /// Ends the server and leaves its readers alone, as where a network is lost.
    pub(crate) fn vanish(&mut self) {
        terminate(&self.child);
        let status = ended(&mut self.child);
        assert!(status.success(), "{status}: {}", self.log.lock().unwrap());
    }

    /// Ends the server as an operator does, and gives its folder for another one.
    pub(crate) fn stop(mut self) -> TempDir {
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        terminate(&self.child);
        let status = ended(&mut self.child);
        assert!(status.success(), "{status}: {}", self.log.lock().unwrap());
        folder
    }
}

impl Drop for Rasid {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        let log = self.log.lock().unwrap();
        if thread::panicking() {
            eprintln!("the log of the server:\n{log}");
            return;
        }
        for line in log.lines() {
            let bad = [" WARN ", " ERROR ", "panicked"].iter().any(|word| line.contains(word));
            let allowed = self.allowed.iter().any(|words| line.contains(words));
            assert!(!bad || allowed, "the server warned of something: {line}");
        }
        for words in &self.allowed {
            assert!(log.contains(words), "the server did not warn that {words}: {log}");
        }
    }
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }
}

/// The name of the store in a folder.
pub(crate) fn store_in(folder: &Path) -> PathBuf {
    folder.join("rasid.gpkg")
}

/// Asks a program to end.
pub(crate) fn terminate(child: &Child) {
    signal(child, "TERM");
}

/// Sends a signal to a program of the test.
pub(crate) fn signal(child: &Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// The id of a feature.
pub(crate) fn id_of(feature: &str) -> String {
    let feature: Value = serde_json::from_str(feature).unwrap();
    feature["id"].as_str().expect("every event has an id").to_owned()
}

/// In order, so that two lists can be compared.
pub(crate) fn sorted(items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.into_iter().collect();
    items.sort();
    items
}

/// Writes a file into a folder and gives its path.
pub(crate) fn file(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

/// Writes what a program says into a log, as it is said.
pub(crate) fn write_beside(stream: impl Read + Send + 'static, log: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let mut log = log.lock().unwrap();
            log.push_str(&line.unwrap());
            log.push('\n');
        }
    });
}
