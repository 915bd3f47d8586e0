//! Requests -> answers: the gate, the site, and what the open page asks for.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{Stream, unfold};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::JoinSet;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::error::Error;
use crate::media_type::media_type;
use crate::serve::gate::{Gate, Refusal};
use crate::serve::listen::Doors;
use crate::serve::respond;
use crate::serve::snapshot::{Entry, Found, Snapshot};
use crate::serve::version::{Version, with_script};
use crate::serve::{News, OpenPage, OpenPages, Preview, Tell};

/// How long a client may take to send the head of a request, and how long a connection
/// may be idle.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest head of a request, in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// How many connections there may be at a time. A browser opens six.
const N_CONNECTIONS: usize = 512;

/// How long a page waits before it asks again whether the preview is there.
const RETRY: Duration = Duration::from_secs(1);

const SCRIPT: &str = include_str!("client/reload.js");
const OVERLAY: &str = include_str!("client/overlay.css");

/// What every request needs.
#[derive(Clone)]
pub(super) struct App {
    pub(super) preview: watch::Receiver<Arc<Preview>>,
    pub(super) gate: Arc<Gate>,
    /// Folder of the site.
    pub(super) root: PathBuf,
    /// Pages that are open in a browser.
    pub(super) open: OpenPages,
    pub(super) tell: Tell,
}

#[derive(Clone, Copy)]
struct Peer(SocketAddr);

/// Answers until the user ends it, or until `worker` has ended.
pub(super) fn serve(
    doors: Doors,
    app: App,
    worker: oneshot::Receiver<()>,
    tell: &dyn Fn(&Doors),
) -> Result<(), Error> {
    let start = |it| Error::io("start", std::path::Path::new("the preview"), it);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(start)?;
    let result = runtime.block_on(async {
        let router = router(app);
        let room = Arc::new(Semaphore::new(N_CONNECTIONS));
        let mut accepting = JoinSet::new();
        for listener in &doors.listeners {
            let listener = listener.try_clone().and_then(|it| {
                it.set_nonblocking(true)?;
                TcpListener::from_std(it)
            });
            let listener = listener.map_err(start)?;
            accepting.spawn(accept(listener, router.clone(), Arc::clone(&room)));
        }
        tell(&doors);
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended.map_err(start),
            ended = worker => {
                assert!(ended.is_ok(), "the thread that builds has panicked");
                Ok(())
            }
        }
    });
    // Open pages keep a connection as long as they are open.
    runtime.shutdown_background();
    result
}

async fn accept(listener: TcpListener, router: Router, room: Arc<Semaphore>) {
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let router = router.clone().layer(Extension(Peer(peer)));
                tokio::spawn(connection(TokioIo::new(stream), router, permit));
            }
            // The system has no room for one more just now.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn connection(
    stream: TokioIo<tokio::net::TcpStream>,
    router: Router,
    permit: OwnedSemaphorePermit,
) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_header_size(MAX_HEAD)
        .serve_connection(stream, TowerToHyperService::new(router));
    // What goes wrong with a connection is the client's business.
    let _ = served.await;
    drop(permit);
}

fn router(app: App) -> Router {
    let fixed = |path: &'static str, text: &'static str| {
        get(move |headers: HeaderMap| async move {
            respond::bytes(
                &headers,
                &media_type(path),
                Bytes::from_static(text.as_bytes()),
            )
        })
    };
    let always = |name: HeaderName, value| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let same_origin = HeaderName::from_static("cross-origin-resource-policy");
    Router::new()
        .route("/.mujaz/reload.js", fixed("reload.js", SCRIPT))
        .route("/.mujaz/overlay.css", fixed("overlay.css", OVERLAY))
        .route("/.mujaz/events", get(events))
        .route("/.mujaz/problems", get(problems))
        .route("/.mujaz/enter/{key}", get(enter))
        .fallback(page)
        .layer(from_fn_with_state(app.clone(), gate))
        .layer(CatchPanicLayer::new())
        .layer(always(CACHE_CONTROL, "no-store"))
        .layer(always(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(same_origin, "same-origin"))
        .with_state(app)
}

/// A sentence for people.
fn plain(status: StatusCode, text: &str) -> Response {
    (status, format!("{text}\n")).into_response()
}

async fn gate(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let (uri, headers) = (request.uri(), request.headers());
    match app.gate.check(request.method(), uri, headers, peer.ip()) {
        Ok(()) => next.run(request).await,
        Err(Refusal::Method) => {
            let text = "This is a preview; it is only looked at.";
            let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, text);
            let allowed = HeaderValue::from_static("GET, HEAD");
            answer.headers_mut().insert(ALLOW, allowed);
            answer
        }
        Err(Refusal::Host) => plain(
            StatusCode::FORBIDDEN,
            "The preview has no such name; open the address that it has printed.",
        ),
        Err(Refusal::Origin) => {
            plain(StatusCode::FORBIDDEN, "Another site may not read the preview.")
        }
        Err(Refusal::Key) => plain(
            StatusCode::FORBIDDEN,
            "Open the whole address that the preview has printed; its end is a key.",
        ),
    }
}

fn redirect(status: StatusCode, to: &str) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else {
        return plain(StatusCode::NOT_FOUND, "There is nothing here.");
    };
    (status, [(LOCATION, to)]).into_response()
}

/// Takes the key of an address into a cookie, so that it does not stay in the address.
async fn enter(State(app): State<App>, Path(key): Path<String>) -> Response {
    let mut answer = redirect(StatusCode::SEE_OTHER, "/");
    let cookie = format!("{}={key}; Path=/; HttpOnly; SameSite=Lax", app.gate.cookie);
    if app.gate.key.as_ref() == Some(&key)
        && let Ok(cookie) = HeaderValue::from_str(&cookie)
    {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    answer
}

/// A page or another file of the site.
async fn page(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let preview = Arc::clone(&app.preview.borrow());
    let Some(site) = &preview.site else {
        return waiting(
            "The site has errors and could not be built yet. This page shows it as soon as \
             they are mended.",
        );
    };
    let with_query = |address: String| match uri.query() {
        Some(query) => format!("{address}?{query}"),
        None => address,
    };
    let (looking, address) = (Arc::clone(site), uri.path().to_owned());
    // A page is printed when it is looked at.
    let found = tokio::task::spawn_blocking(move || looking.find(&address)).await;
    match found.unwrap_or(Found::Broken) {
        Found::File(path, entry) => file(&app, site, &path, &entry, &headers).await,
        Found::Broken => waiting("This page could not be made; the terminal says why."),
        Found::Folder(to) => redirect(StatusCode::PERMANENT_REDIRECT, &with_query(to)),
        Found::Home(to) => redirect(StatusCode::TEMPORARY_REDIRECT, &to),
        Found::Nothing(Some(Entry::Bytes(html))) => {
            let html = with_script(&html, &site.version_of(&html));
            let kind = [(CONTENT_TYPE, media_type("404.html"))];
            (StatusCode::NOT_FOUND, kind, html).into_response()
        }
        Found::Nothing(_) => plain(StatusCode::NOT_FOUND, "There is nothing here."),
    }
}

async fn file(
    app: &App,
    site: &Snapshot,
    path: &str,
    entry: &Entry,
    headers: &HeaderMap,
) -> Response {
    let kind = media_type(path);
    match entry {
        Entry::Bytes(html) if path.ends_with(".html") => {
            let html = with_script(html, &site.version_of(html));
            respond::bytes(headers, &kind, html.into())
        }
        Entry::Bytes(bytes) => respond::bytes(headers, &kind, bytes.clone()),
        Entry::Disk { path, .. } => {
            let (headers, root, path) = (headers.clone(), app.root.clone(), path.clone());
            let read = move || respond::disk(&headers, &kind, &root, &path);
            match tokio::task::spawn_blocking(read).await {
                Ok(Ok(answer)) => answer,
                _ => plain(StatusCode::NOT_FOUND, "The file is no longer there."),
            }
        }
        Entry::Later(made) => {
            let (making, tell) = (Arc::clone(made), Arc::clone(&app.tell));
            let make = move || {
                if let Err(fault) = making.bytes() {
                    tell(News::Late(fault));
                }
                making
            };
            match tokio::task::spawn_blocking(make).await.as_ref().map(|it| it.bytes()) {
                Ok(Ok(bytes)) => respond::bytes(headers, &kind, bytes.clone()),
                _ => plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The file could not be made; the terminal says why.",
                ),
            }
        }
    }
}

/// The page that stands for the site until it has been built without errors.
fn waiting(why: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>mujaz serve</title>\n<body>\n<p>{why}</p>\n</body>\n</html>\n"
    );
    let html = with_script(html.as_bytes(), &Version::default());
    let kind = [(CONTENT_TYPE, media_type("index.html"))];
    (StatusCode::SERVICE_UNAVAILABLE, kind, html).into_response()
}

/// What is wrong with the sources.
async fn problems(State(app): State<App>) -> Response {
    let preview = Arc::clone(&app.preview.borrow());
    let json = preview.problems.as_ref().map(|it| it.json.clone());
    let kind = [(CONTENT_TYPE, media_type("problems.json"))];
    (kind, json.unwrap_or_else(|| "{\"problems\":[],\"more\":0}".to_owned()))
        .into_response()
}

/// Tells an open page what stands at its address now, and again after each build. The
/// messages hold hashes and no text.
async fn events(State(app): State<App>, uri: Uri) -> impl IntoResponse {
    let page = uri.query().and_then(|it| it.strip_prefix("page=")).unwrap_or_default();
    let page = crate::text::slug::decoded(page).into_owned();
    let messages = messages(app.preview, app.open.open(&page));
    Sse::new(messages).keep_alive(KeepAlive::default())
}

fn messages(
    preview: watch::Receiver<Arc<Preview>>,
    page: OpenPage,
) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold((preview, page, true), |(mut preview, page, is_first)| async move {
        if !is_first {
            preview.changed().await.ok()?;
        }
        let now = Arc::clone(&preview.borrow_and_update());
        let (site, address) = (now.site.clone(), page.address.clone());
        // It may have to be printed first.
        let version = tokio::task::spawn_blocking(move || {
            site.map(|it| it.version(&address)).unwrap_or_default()
        });
        let version = version.await.unwrap_or_default();
        let moved = now.site.as_ref().and_then(|it| it.moved(&page.address));
        let problems = now.problems.as_ref().map(|it| it.id.as_str());
        let message = version.message(problems, moved.as_deref());
        let event = Event::default().event("state").retry(RETRY).data(message);
        Some((Ok(event), (preview, page, false)))
    })
}
