//! A strict S3 in this process: it checks signatures, checksums and conditions.

use std::fs;
use std::net::TcpListener as StdListener;
use std::path::PathBuf;
use std::thread;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;

use crate::program::{ACCESS_KEY, CANARY, Site};

/// A server with one bucket.
pub(crate) struct S3Server {
    pub(crate) port: u16,
    folder: TempDir,
}

impl S3Server {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("desk")).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, CANARY));
        let service = service.build();
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                loop {
                    let Ok((socket, _)) = listener.accept().await else { continue };
                    let service = service.clone();
                    tokio::spawn(async move {
                        let http = Builder::new(TokioExecutor::new());
                        // A client that goes away is its own business.
                        let _ =
                            http.serve_connection(TokioIo::new(socket), service).await;
                    });
                }
            });
        });
        Self { port, folder }
    }

    /// The folder that holds the objects.
    pub(crate) fn bucket(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    /// Everything that the server keeps.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

/// A site whose target is a bucket behind a port.
pub(crate) fn site(port: u16) -> Site {
    Site::new(&format!(
        "{{kind: s3, bucket: desk, region: us-east-1, endpoint: \"http://127.0.0.1:{port}/\", \
         max_deletes: 1000}}"
    ))
}
