//! Codes the files of the page as small as can be, once for every server and reader.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, io};

use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use walkdir::WalkDir;

const PAGE: &str = "static";

/// As good as brotli gets.
const QUALITY: u32 = 11;

/// How far back it looks for what was there before, as a power of two: further than any file is long.
const WINDOW: u32 = 22;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PAGE}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("coded");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir(&out)?;
    for entry in WalkDir::new(PAGE) {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let bytes = fs::read(entry.path())?;
        let to = out.join(entry.path().strip_prefix(PAGE)?);
        keep(&to, "br", &bytes, &brotli(&bytes)?)?;
        keep(&to, "gz", &bytes, &gzip(&bytes)?)?;
    }
    Ok(())
}

/// Writes a file beside the name if it saves a tenth: fonts and pictures are compressed in themselves.
fn keep(to: &Path, ending: &str, bytes: &[u8], coded: &[u8]) -> io::Result<()> {
    if coded.len() > bytes.len() / 10 * 9 {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = OsString::from(to);
    name.push(".");
    name.push(ending);
    fs::write(name, coded)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = CompressorWriter::new(Vec::new(), 4096, QUALITY, WINDOW);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}
