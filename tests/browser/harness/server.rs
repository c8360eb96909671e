//! A static file server with faults on demand, as a host that knows nothing of the page would be.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Where the page lives: never at the root, so that an absolute address would show.
pub(crate) const PATH: &str = "/some/sub/path/";

/// For how long a browser may use what it has: not without asking again.
const ASK: &str = "no-cache";

/// What goes wrong with an answer.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This status with a short HTML body, as hosts send it.
    Status(u16),
    /// The full length is announced, half of the body is sent, and the connection closed.
    Cut,
    /// The headers are sent, and the body not before the fault is lifted.
    Stall,
    /// Another body of this content type with status 200.
    Body(&'static str, String),
    /// The file as it is, which other origins may not read.
    Private,
    /// A body of blanks that says no length and has no end, until the browser hangs up.
    Endless,
    /// The file is at another address.
    Moved(String),
    /// The file as it is, with one header more.
    Header(String),
}

/// Serves one folder at [`PATH`] on a free port until it is dropped.
pub(crate) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
}

struct Shared {
    folder: PathBuf,
    faults: Mutex<HashMap<String, Fault>>,
    /// Method and target of every request since the last [`Server::heal`], and the length of its body.
    asked: Mutex<Vec<(String, usize)>>,
    /// The headers of each, in lower case.
    heads: Mutex<Vec<String>>,
    stopped: AtomicBool,
    is_down: AtomicBool,
    lets_keep: AtomicBool,
}

impl Server {
    /// Starts serving `folder`.
    pub(crate) fn start(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            folder,
            faults: Mutex::default(),
            asked: Mutex::default(),
            heads: Mutex::default(),
            stopped: AtomicBool::new(false),
            is_down: AtomicBool::new(false),
            lets_keep: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if accepting.stopped.load(Ordering::Relaxed) {
                    break;
                }
                let shared = Arc::clone(&accepting);
                // A browser that hangs up in the middle of an answer is no failure of the server.
                thread::spawn(move || drop(shared.converse(stream)));
            }
        });
        Self { shared, address }
    }

    /// `http://127.0.0.1:port`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of a file, or with `""` or a query of the page.
    pub(crate) fn url(&self, rest: &str) -> String {
        format!("{}{PATH}{rest}", self.origin())
    }

    /// From now on, and until [`Server::heal`], answers for this file go wrong.
    pub(crate) fn fault(&self, file: &str, fault: Fault) {
        self.shared.faults.lock().unwrap().insert(file.to_owned(), fault);
    }

    /// Lifts every fault, and forgets what was asked for.
    pub(crate) fn heal(&self) {
        self.shared.faults.lock().unwrap().clear();
        self.shared.asked.lock().unwrap().clear();
        self.shared.heads.lock().unwrap().clear();
    }

    /// From now on no request is answered.
    pub(crate) fn go_down(&self) {
        self.shared.is_down.store(true, Ordering::Relaxed);
    }

    /// From now on a browser may use what it has for ten minutes without asking again, as GitHub Pages lets it.
    pub(crate) fn let_keep(&self) {
        self.shared.lets_keep.store(true, Ordering::Relaxed);
    }

    /// What was asked for, by workers too: `GET /some/sub/path/index.json`, and the length of what came with it.
    pub(crate) fn asked(&self) -> Vec<(String, usize)> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// The headers of every request since the last [`Server::heal`], in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.heal();
        self.shared.stopped.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    /// Answers the requests of one connection until the browser closes it.
    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        loop {
            let mut request = String::new();
            if reader.read_line(&mut request)? == 0 {
                return Ok(());
            }
            let (mut brotli, mut length, mut head) = (false, 0, String::new());
            loop {
                let mut header = String::new();
                reader.read_line(&mut header)?;
                if header.trim().is_empty() {
                    break;
                }
                let header = header.to_ascii_lowercase();
                if let Some(value) = header.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap_or_default();
                }
                head.push_str(&header);
                brotli |= header.starts_with("accept-encoding:") && header.contains("br");
            }
            if self.is_down.load(Ordering::Relaxed) {
                return Ok(());
            }
            let target = request.split(' ').nth(1).unwrap_or_default();
            let method = request.split(' ').next().unwrap_or_default();
            self.asked.lock().unwrap().push((format!("{method} {target}"), length));
            self.heads.lock().unwrap().push(head);
            let path = target.split('?').next().unwrap_or_default();
            let file = path.strip_prefix(PATH).map(|file| if file.is_empty() { "index.html" } else { file });
            self.answer(&mut stream, file, brotli)?;
        }
    }

    fn answer(&self, stream: &mut TcpStream, file: Option<&str>, brotli: bool) -> std::io::Result<()> {
        let fault = file.and_then(|file| self.faults.lock().unwrap().get(file).cloned());
        let found = file.and_then(|file| self.read(file, brotli));
        match (fault, found) {
            (Some(Fault::Status(status)), _) => send(stream, status, "text/html", "", b"<h1>No</h1>"),
            (Some(Fault::Body(kind, text)), _) => send(stream, 200, kind, "", text.as_bytes()),
            (Some(Fault::Moved(to)), _) => {
                send(stream, 302, "text/html", &format!("Location: {to}\r\n"), b"<h1>Moved</h1>")
            }
            (Some(Fault::Endless), _) => endless(stream),
            (Some(Fault::Private), Some((kind, _, body))) => {
                let length = body.len();
                let head =
                    format!("HTTP/1.1 200 -\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
                stream.write_all(head.as_bytes())?;
                stream.write_all(&body)
            }
            (_, None) => send(stream, 404, "text/html", "", b"<h1>Not found</h1>"),
            (None, Some((kind, encoding, body))) => {
                let cache = if self.lets_keep.load(Ordering::Relaxed) { "max-age=600" } else { ASK };
                head(stream, 200, kind, encoding, body.len(), cache)?;
                stream.write_all(&body)
            }
            (Some(Fault::Header(line)), Some((kind, encoding, body))) => {
                head(stream, 200, kind, &format!("{encoding}{line}\r\n"), body.len(), ASK)?;
                stream.write_all(&body)
            }
            (Some(Fault::Cut), Some((kind, encoding, body))) => {
                head(stream, 200, kind, encoding, body.len(), ASK)?;
                stream.write_all(body.get(..body.len() / 2).unwrap_or_default())?;
                stream.shutdown(std::net::Shutdown::Both)
            }
            (Some(Fault::Stall), Some((kind, encoding, body))) => {
                head(stream, 200, kind, encoding, body.len(), ASK)?;
                while file.is_some_and(|file| self.faults.lock().unwrap().contains_key(file)) {
                    thread::sleep(Duration::from_millis(10));
                }
                stream.write_all(&body)
            }
        }
    }

    /// A file's content type, its content encoding as a header line, and its bytes.
    fn read(&self, file: &str, brotli: bool) -> Option<(&'static str, &'static str, Vec<u8>)> {
        if file.split('/').any(|part| part == "..") {
            return None;
        }
        let kind = match file.rsplit('.').next()? {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" => "application/json",
            "webmanifest" => "application/manifest+json",
            "wasm" => "application/wasm",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "woff2" => "font/woff2",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        let path = self.folder.join(file);
        let small = brotli.then(|| fs::read(path.with_added_extension("br")).ok()).flatten();
        match small {
            Some(body) => Some((kind, "Content-Encoding: br\r\n", body)),
            None => Some((kind, "", fs::read(path).ok()?)),
        }
    }
}

fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 -\r\nContent-Type: application/json\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n",
    )?;
    let blanks = vec![b' '; 1 << 20];
    loop {
        stream.write_all(&blanks)?;
    }
}

fn send(stream: &mut TcpStream, status: u16, kind: &str, encoding: &str, body: &[u8]) -> std::io::Result<()> {
    head(stream, status, kind, encoding, body.len(), ASK)?;
    stream.write_all(body)
}

fn head(
    stream: &mut TcpStream,
    status: u16,
    kind: &str,
    encoding: &str,
    length: usize,
    cache: &str,
) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\n{encoding}Content-Length: {length}\r\n\
         Cache-Control: {cache}\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
    );
    stream.write_all(head.as_bytes())
}
