//! A folder whose new and changed articles are read as they come.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::file::read_file;
use super::folder::{Folder, is_article_path};
use super::{Error, Options, Source};
use crate::model::article::Article;

/// How long a file that nobody closed must be the same before it passes for whole.
const SETTLED: Duration = Duration::from_secs(1);

/// How often it is asked what has come: there is no work in it if nothing has.
const AGAIN: Duration = Duration::from_millis(250);

/// How often all of the folder is looked at, whatever is told of it: no system tells what another
/// machine writes to a disk of the network. So often, too, it is tried to watch a folder that cannot
/// be watched.
const RESCAN: Duration = Duration::from_secs(60);

/// A folder and the folders in it. The first reading gives all articles, each further one those
/// that are new or have changed since.
///
/// A file is read when it was closed after writing or moved into the folder. One that nobody saw
/// closed, as on a disk of the network, is read when it has been the same for a second. So nothing
/// half-written is read, and a sidecar has to be there before its article.
///
/// What the system does not tell of is found within a minute, in a folder that cannot be watched too.
#[derive(Debug)]
pub struct Watched {
    folder: Folder,
    options: Options,
    /// The files that were read, and how they were then.
    read: HashMap<PathBuf, Stamp>,
    /// Those that are perhaps still written, and since when they have been so.
    waiting: HashMap<PathBuf, (Stamp, Instant)>,
    began: bool,
    watch: Option<Watch>,
    /// When all of the folder was looked at, since the first reading.
    looked: Option<Instant>,
}

/// What begins to watch a folder.
type Begin = fn(&Path) -> Result<Watch, Error>;

/// What changes when a file is written.
type Stamp = (u64, Option<SystemTime>);

#[derive(Debug)]
struct Watch {
    /// Tells what happens for as long as it is there.
    _watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
}

/// What the system tells of the files.
#[derive(Debug, Default)]
struct News {
    changed: HashSet<PathBuf>,
    /// Whole, whatever their age.
    whole: HashSet<PathBuf>,
    /// Something was missed: all of the folder has to be looked at.
    all: bool,
}

impl Watched {
    /// Names a folder. Nothing is read yet, and nothing watched before it is read a second time.
    pub fn new(path: impl Into<PathBuf>, options: Options) -> Self {
        Self {
            folder: Folder::new(path, options.clone()),
            options,
            read: HashMap::new(),
            waiting: HashMap::new(),
            began: false,
            watch: None,
            looked: None,
        }
    }

    /// All that is there, for the first time.
    fn first(&mut self) -> Vec<Result<PathBuf, Error>> {
        self.began = true;
        let files = self.folder.files();
        for path in files.iter().flatten() {
            if let Some(stamp) = stamp(path) {
                self.read.insert(path.clone(), stamp);
            }
        }
        files
    }

    /// What is new and whole.
    fn next(&mut self, now: Instant, begin: Begin) -> Vec<Result<PathBuf, Error>> {
        let mut found = Vec::new();
        let all = self.looked.is_none_or(|looked| now.duration_since(looked) >= RESCAN);
        let mut news = News { all, ..News::default() };
        match &self.watch {
            Some(watch) => news.take(&watch.events),
            // Before the folder is looked at, so that nothing falls between the two.
            None if all => match begin(self.folder.path()) {
                Ok(watch) => self.watch = Some(watch),
                Err(error) => found.push(Err(error)),
            },
            None => {}
        }
        if news.all {
            self.looked = Some(now);
            for file in self.folder.files() {
                match file {
                    Ok(path) => drop(news.changed.insert(path)),
                    Err(error) => found.push(Err(error)),
                }
            }
        }
        let mut candidates: Vec<PathBuf> =
            news.changed.into_iter().chain(self.waiting.keys().cloned()).collect();
        candidates.sort();
        candidates.dedup();
        for path in candidates {
            if self.is_due(&path, news.whole.contains(&path), now) {
                found.push(Ok(path));
            }
        }
        found
    }

    /// Whether a file is another than the one that was read, and whole.
    fn is_due(&mut self, path: &Path, whole: bool, now: Instant) -> bool {
        let stamp = stamp(path).filter(|_| is_article_path(self.folder.path(), path));
        let Some(stamp) = stamp else {
            self.read.remove(path);
            self.waiting.remove(path);
            return false;
        };
        if self.read.get(path) == Some(&stamp) {
            self.waiting.remove(path);
            return false;
        }
        let since = match self.waiting.get(path) {
            Some((before, since)) if *before == stamp => *since,
            _ => now,
        };
        let settled = now.duration_since(since) >= SETTLED;
        if whole || settled {
            self.waiting.remove(path);
            self.read.insert(path.to_owned(), stamp);
        } else {
            self.waiting.insert(path.to_owned(), (stamp, since));
        }
        whole || settled
    }
}

impl Source for Watched {
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_> {
        let files = if self.began { self.next(Instant::now(), Watch::begin) } else { self.first() };
        let options = &self.options;
        Box::new(files.into_iter().map(move |file| file.and_then(|path| read_file(&path, options))))
    }

    fn again(&self) -> Option<Duration> {
        Some(AGAIN)
    }
}

impl Watch {
    fn begin(folder: &Path) -> Result<Self, Error> {
        let (sender, events) = channel();
        let unwatchable = |source| Error::Unwatchable { path: folder.to_owned(), source };
        // Nobody listens any more only when the source is gone.
        let tell = move |event| drop(sender.send(event));
        let mut watcher = notify::recommended_watcher(tell).map_err(unwatchable)?;
        watcher.watch(folder, RecursiveMode::Recursive).map_err(unwatchable)?;
        Ok(Self { _watcher: watcher, events })
    }
}

impl News {
    fn take(&mut self, events: &Receiver<notify::Result<Event>>) {
        for event in events.try_iter() {
            let Ok(event) = event else {
                self.all = true;
                continue;
            };
            self.all |= event.need_rescan();
            let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
            let moved = |mode| EventKind::Modify(ModifyKind::Name(mode));
            let whole = event.kind == closed
                || event.kind == moved(RenameMode::To)
                || event.kind == moved(RenameMode::Both);
            // A folder that comes has files in it that nobody tells of.
            self.all |=
                (whole || event.kind.is_create()) && event.paths.iter().any(|path| path.is_dir());
            if matches!(event.kind, EventKind::Access(_)) && !whole {
                continue;
            }
            for path in event.paths {
                if whole {
                    self.whole.insert(path.clone());
                } else {
                    // Whoever closed it began again.
                    self.whole.remove(&path);
                }
                self.changed.insert(path);
            }
        }
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((metadata.len(), metadata.modified().ok()))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write as _;

    use tempfile::{TempDir, tempdir};

    use super::*;

    /// A folder with one article, which was read already and is watched.
    fn begun() -> (TempDir, Watched) {
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "one").unwrap();
        let mut watched = Watched::new(folder.path(), Options::default());
        assert_eq!(texts(&mut watched), ["one"]);
        assert!(texts(&mut watched).is_empty());
        (folder, watched)
    }

    fn texts(watched: &mut Watched) -> Vec<String> {
        watched.articles().map(|article| article.unwrap().text).collect()
    }

    /// Reads until something comes. The system tells what happened when it likes.
    fn wait(watched: &mut Watched) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let texts = texts(watched);
            if !texts.is_empty() || Instant::now() > until {
                return texts;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn what_is_closed_or_moved_in_is_read_once() {
        let (folder, mut watched) = begun();
        fs::write(folder.path().join("b.txt"), "two").unwrap();
        assert_eq!(wait(&mut watched), ["two"]);
        let outside = tempdir().unwrap();
        fs::write(outside.path().join("c.txt"), "three").unwrap();
        fs::rename(outside.path().join("c.txt"), folder.path().join("c.txt")).unwrap();
        assert_eq!(wait(&mut watched), ["three"]);
        assert!(texts(&mut watched).is_empty());
        fs::write(folder.path().join("a.txt"), "one, corrected").unwrap();
        assert_eq!(wait(&mut watched), ["one, corrected"]);
    }

    #[test]
    fn what_came_between_the_first_reading_and_the_second_is_read() {
        let folder = tempdir().unwrap();
        let mut watched = Watched::new(folder.path(), Options::default());
        assert!(texts(&mut watched).is_empty());
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("in/a.txt"), "one").unwrap();
        assert_eq!(wait(&mut watched), ["one"]);
    }

    /// A reading at a moment, in which nothing can be watched.
    fn unwatched(watched: &mut Watched, now: Instant) -> (Vec<PathBuf>, usize) {
        let refused = |folder: &Path| {
            let source = notify::Error::new(notify::ErrorKind::MaxFilesWatch);
            Err(Error::Unwatchable { path: folder.to_owned(), source })
        };
        let (paths, errors): (Vec<_>, Vec<_>) =
            watched.next(now, refused).into_iter().partition(Result::is_ok);
        (paths.into_iter().flatten().collect(), errors.len())
    }

    #[test]
    fn what_nobody_tells_of_is_found_within_a_minute() {
        let (folder, mut watched) = begun();
        // A watch that has fallen silent.
        let (sender, events) = channel();
        watched.watch.as_mut().unwrap().events = events;
        let path = folder.path().join("b.txt");
        fs::write(&path, "two").unwrap();
        let looked = watched.looked.unwrap();
        let mut next = |after| watched.next(looked + after, Watch::begin);
        assert!(next(RESCAN.saturating_sub(AGAIN)).is_empty(), "nobody looks");
        assert!(next(RESCAN).is_empty(), "it is seen, and perhaps still written");
        let found: Vec<_> = next(RESCAN + SETTLED).into_iter().map(Result::unwrap).collect();
        assert_eq!(found, [path]);
        assert!(next(RESCAN * 3).is_empty(), "it was read");
        drop(sender);
    }

    #[test]
    fn a_folder_that_cannot_be_watched_is_looked_at_and_says_so_once_a_minute() {
        let folder = tempdir().unwrap();
        let mut watched = Watched::new(folder.path(), Options::default());
        assert!(texts(&mut watched).is_empty());
        let path = folder.path().join("a.txt");
        fs::write(&path, "one").unwrap();
        let now = Instant::now();
        assert_eq!(unwatched(&mut watched, now), (vec![], 1));
        assert_eq!(unwatched(&mut watched, now + AGAIN), (vec![], 0));
        assert_eq!(unwatched(&mut watched, now + SETTLED), (vec![path], 0));
        assert_eq!(unwatched(&mut watched, now + RESCAN), (vec![], 1));
    }

    #[test]
    fn what_is_still_written_waits() {
        let (folder, mut watched) = begun();
        let path = folder.path().join("b.txt");
        let mut file = File::create(&path).unwrap();
        file.write_all(b"half of it").unwrap();
        file.sync_all().unwrap();
        let now = Instant::now();
        assert!(!watched.is_due(&path, false, now), "it is open");
        file.write_all(b", and the rest").unwrap();
        file.sync_all().unwrap();
        assert!(!watched.is_due(&path, false, now + SETTLED), "it has changed");
        assert!(watched.is_due(&path, false, now + SETTLED * 2), "it is the same for a second");
        assert!(!watched.is_due(&path, true, now + SETTLED * 2), "it was read");
    }

    #[test]
    fn what_is_no_article_or_gone_is_left_out() {
        let (folder, mut watched) = begun();
        for name in ["b.json", ".c.txt", "a.toml"] {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            assert!(!watched.is_due(&path, true, Instant::now()), "{name}");
        }
        let path = folder.path().join("a.txt");
        fs::remove_file(&path).unwrap();
        assert!(!watched.is_due(&path, true, Instant::now()));
        assert!(watched.read.is_empty());
    }
}
