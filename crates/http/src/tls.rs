//! TLS: the certificate and its key, read from files and read again when they change.
//!
//! Connections that are open keep what they began with; new ones get the new certificate. A pair
//! of files that is not right never replaces one that is.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use app::port::Millis;
use rustls::{
    Error as TlsError, InconsistentKeys, ServerConfig,
    crypto::ring,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{Error as PemError, PemObject},
    },
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use x509_cert::{Certificate, der::Decode};

use crate::config::ConfigFault;

const CERTIFICATE: &str = "http.tls_certificate";
const KEY: &str = "http.tls_key";

/// What reading the files again came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Reload {
    /// They are as they were.
    Same,
    /// New connections get the new certificate, which ends at this time (milliseconds since 1970).
    Changed(Millis),
    /// They are not right; what was before goes on. Told once for each state of the files and each
    /// fault, and tried again at every look: a renewal that was half written, or begins a moment
    /// later, is taken as soon as it is right.
    Refused(ConfigFault),
}

/// A certificate with its key, for a server.
#[derive(Clone)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<Current>,
    known: Arc<Mutex<Known>>,
}

/// What is known of the files.
struct Known {
    /// Those that are in use.
    taken: Files,
    /// When the certificate in use ends.
    ends: Millis,
    /// Others that were refused, and why, as it was told last.
    refused: Option<(Files, ConfigFault)>,
}

/// The files' bytes.
#[derive(PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// What new connections get.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(
            &self.0.read().unwrap_or_else(PoisonError::into_inner),
        ))
    }
}

impl Tls {
    /// Reads both files (PEM).
    ///
    /// # Errors
    /// Which of the two is not right, and why: not there, no certificate or key in it, the two do
    /// not belong together, or the certificate is not valid at `now`.
    pub fn load(certificate: &Path, key: &Path, now: Millis) -> Result<Tls, ConfigFault> {
        let files = Files::read(certificate, key)?;
        let (pair, ends) = files.pair(now)?;
        Ok(Tls {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: Arc::new(Current(RwLock::new(Arc::new(pair)))),
            known: Arc::new(Mutex::new(Known {
                taken: files,
                ends,
                refused: None,
            })),
        })
    }

    /// When the certificate in use ends, in milliseconds since 1970.
    pub fn ends(&self) -> Millis {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ends
    }

    /// Looks whether the files are others than those in use, and takes them over if they are right.
    pub fn reload(&self, now: Millis) -> Reload {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let files = match Files::read(&self.certificate, &self.key) {
            Ok(files) => files,
            Err(fault) => return known.refuse(Files::none(), fault),
        };
        if known.taken == files {
            known.refused = None;
            return Reload::Same;
        }
        match files.pair(now) {
            Ok((pair, ends)) => {
                let current = self.current.0.write();
                *current.unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
                *known = Known {
                    taken: files,
                    ends,
                    refused: None,
                };
                Reload::Changed(ends)
            }
            Err(fault) => known.refuse(files, fault),
        }
    }

    /// TLS 1.2 and 1.3 with the certificate of the moment.
    pub(crate) fn config(&self) -> ServerConfig {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = match builder.with_safe_default_protocol_versions() {
            Ok(builder) => builder,
            // The provider has both versions; a build without them would not start at all.
            Err(_) => ServerConfig::builder(),
        };
        let resolver = Arc::clone(&self.current);
        builder.with_no_client_auth().with_cert_resolver(resolver)
    }
}

impl Known {
    fn refuse(&mut self, files: Files, fault: ConfigFault) -> Reload {
        let refused = Some((files, fault.clone()));
        if self.refused == refused {
            return Reload::Same;
        }
        self.refused = refused;
        Reload::Refused(fault)
    }
}

impl Files {
    fn none() -> Files {
        Files {
            certificate: Vec::new(),
            key: Vec::new(),
        }
    }

    fn read(certificate: &Path, key: &Path) -> Result<Files, ConfigFault> {
        let read = |setting: &str, path: &Path| {
            fs::read(path).map_err(|error| unreadable(setting, path, &error))
        };
        Ok(Files {
            certificate: read(CERTIFICATE, certificate)?,
            key: read(KEY, key)?,
        })
    }

    /// The pair, and when the certificate ends.
    fn pair(&self, now: Millis) -> Result<(CertifiedKey, Millis), ConfigFault> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| no_certificate())?;
        let leaf = chain.first().ok_or_else(no_certificate)?;
        let ends = valid(leaf, now)?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|error| self.no_key(&error))?;
        let pair = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let pair = pair.map_err(|error| match error {
            TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => ConfigFault::new(
                KEY,
                "is not the key of the certificate in http.tls_certificate; the certificate that \
                 belongs to the key has to come first in its file",
            ),
            _ => ConfigFault::new(
                KEY,
                "is of a kind that is not supported; use RSA (2048 bits or more), ECDSA P-256 or \
                 P-384, or Ed25519",
            ),
        })?;
        Ok((pair, ends))
    }

    fn no_key(&self, error: &PemError) -> ConfigFault {
        let has = |text: &str| self.key.windows(text.len()).any(|at| at == text.as_bytes());
        let detail = if has("ENCRYPTED") {
            "is encrypted, and rolecall asks for no passphrase: decrypt it with `openssl pkey -in \
             FILE -out FILE`"
        } else if matches!(error, PemError::NoItemsFound) && has("BEGIN CERTIFICATE") {
            "holds a certificate and no private key; are the two files swapped?"
        } else {
            "holds no private key in PEM (BEGIN PRIVATE KEY)"
        };
        ConfigFault::new(KEY, detail)
    }
}

fn unreadable(setting: &str, path: &Path, error: &io::Error) -> ConfigFault {
    let path = path.display();
    ConfigFault::new(setting, format!("the file {path} cannot be read: {error}"))
}

fn no_certificate() -> ConfigFault {
    ConfigFault::new(
        CERTIFICATE,
        "holds no certificate in PEM (BEGIN CERTIFICATE); it has to be the certificate with those \
         it was signed with, the server's own first",
    )
}

/// When a certificate ends, where it has begun and not ended.
fn valid(certificate: &CertificateDer<'_>, now: Millis) -> Result<Millis, ConfigFault> {
    let read = Certificate::from_der(certificate).map_err(|_| {
        ConfigFault::new(
            CERTIFICATE,
            "holds a certificate that cannot be read (X.509)",
        )
    })?;
    let validity = read.tbs_certificate.validity;
    let millis = |time: x509_cert::time::Time| {
        Millis::try_from(time.to_unix_duration().as_millis()).unwrap_or(Millis::MAX)
    };
    if millis(validity.not_after) <= now {
        let detail = format!("has ended on {}; renew it", validity.not_after);
        return Err(ConfigFault::new(CERTIFICATE, detail));
    }
    if millis(validity.not_before) > now {
        let begins = validity.not_before;
        let detail = format!("begins only on {begins}; is the machine's clock right?");
        return Err(ConfigFault::new(CERTIFICATE, detail));
    }
    Ok(millis(validity.not_after))
}
