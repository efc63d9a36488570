/**
 * The certificate with which a server on this computer is reached over TLS. It is signed by an authority that is made
 * once, lies in a folder of this user's, and whose certificate clients are told to trust.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Certificate } from './listener';

export interface LocalCertificate extends Certificate {
  /** What clients must trust: the authority's certificate, without its key. */
  caFile: string;
  /** The authority is new: clients that trusted the one before must be told. */
  newAuthority: boolean;
}

export interface CertificateRequest {
  /** Made if it is not there. Other users cannot look in. */
  folder: string;
  /** Host names and addresses beside those of this computer itself. */
  names?: readonly string[];
  /** Milliseconds since 1970; the system's clock unless given. */
  now?: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RENEW_LEAF_MS = 30 * DAY_MS;
/** An authority must outlive what it vouches for. */
const RENEW_AUTHORITY_MS = 100 * DAY_MS;

const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];

/**
 * The certificate to serve with: what lies in `folder` as long as it is good for another month, else a new one. Rejects
 * with what the file system says when the folder cannot be read or written.
 */
export async function localCertificate({
  folder,
  names = [],
  now = Date.now,
}: CertificateRequest): Promise<LocalCertificate> {
  // The library behind it is wanted every few months.
  const make = () => import('./certificates');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = {
    authority: join(folder, 'authority.pem'),
    ca: join(folder, 'ca.pem'),
    leaf: join(folder, 'server.pem'),
  };
  const known = await readPair(files.authority);
  const authority =
    known !== null && isGood(known, now() + RENEW_AUTHORITY_MS)
      ? known
      : await (await make()).makeAuthority(now());
  // Key and certificate in one file: one that was replaced never meets the other as it was.
  if (authority !== known) await writePair(files.authority, authority);
  if ((await readIfThere(files.ca)) !== authority.cert) await writeFileAtomic(files.ca, authority.cert);

  const wanted = [...new Set([...LOCAL_NAMES, ...names.map((name) => name.toLowerCase())])];
  let leaf = await readPair(files.leaf);
  if (leaf === null || !isGood(leaf, now() + RENEW_LEAF_MS) || !vouchesFor(authority, leaf, wanted)) {
    leaf = await (await make()).makeLeaf(authority, wanted, now());
    await writePair(files.leaf, leaf);
  }
  return { ...leaf, caFile: files.ca, newAuthority: authority !== known };
}

/** The names under which a server that listens on `host` is reached, for its certificate. */
export function namesFor(host: string): string[] {
  const bare = host.replace(/^\[(.*)\]$/u, '$1');
  if (bare !== '0.0.0.0' && bare !== '::') return [bare];
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  // Such an address has no meaning on another computer.
  const reachable = addresses.map(({ address }) => address).filter((address) => !address.startsWith('fe80:'));
  return [hostname(), ...reachable];
}

/** Usable, and valid until then. */
function isGood({ cert, key }: Certificate, untilMs: number): boolean {
  try {
    const certificate = new X509Certificate(cert);
    return Date.parse(certificate.validTo) > untilMs && certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function vouchesFor(authority: Certificate, leaf: Certificate, names: readonly string[]): boolean {
  const certificate = new X509Certificate(leaf.cert);
  const issuer = new X509Certificate(authority.cert);
  return (
    certificate.verify(issuer.publicKey) &&
    names.every((name) =>
      isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined,
    )
  );
}

function writePair(file: string, { cert, key }: Certificate): Promise<void> {
  return writeFileAtomic(file, key + cert, { mode: 0o600 });
}

/** null when there is none, or what is there is none. */
async function readPair(file: string): Promise<Certificate | null> {
  const text = await readIfThere(file);
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/u.exec(text ?? '') ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/u.exec(text ?? '') ?? [];
  return key === undefined || cert === undefined ? null : { cert, key };
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}
