/** Makes the certificates of `tls.ts`: an authority for this computer alone, and what it vouches for. */
// The library below asks for it before anything else.
import 'reflect-metadata';
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Certificate } from './listener';

/** The library is typed for browsers; Node's own keys and functions are the same at run time. */
type Keys = Parameters<typeof X509CertificateGenerator.createSelfSigned>[0]['keys'];
const provider = webcrypto as unknown as Parameters<typeof X509CertificateGenerator.createSelfSigned>[1];

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Short, because nobody has to do anything when it is renewed. */
const LEAF_DAYS = 90;
/** A client whose clock is late must not find it not yet valid. */
const EARLY_MS = DAY_MS;

/** An authority that may vouch for servers, and not for other authorities. */
export async function makeAuthority(nowMs: number): Promise<Certificate> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Parley local authority',
      ...validity(nowMs, AUTHORITY_DAYS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, provider),
      ],
    },
    provider,
  );
  return { cert: pem(certificate), key: exportKey(keys.privateKey) };
}

/** A server's certificate for `names`, host names and addresses, with a new key. */
export async function makeLeaf(
  authority: Certificate,
  names: readonly string[],
  nowMs: number,
): Promise<Certificate> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create(
    {
      subject: 'CN=Parley',
      issuer: issuer.subject,
      ...validity(nowMs, LEAF_DAYS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: await importKey(authority.key),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
        ),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, provider),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, provider),
      ],
    },
    provider,
  );
  return { cert: pem(certificate), key: exportKey(keys.privateKey) };
}

async function makeKeys(): Promise<Keys> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as unknown as Keys;
}

async function importKey(key: string): Promise<Keys['privateKey']> {
  const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  const imported = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
  return imported as unknown as Keys['privateKey'];
}

function exportKey(key: Keys['privateKey']): string {
  return String(KeyObject.from(key as webcrypto.CryptoKey).export({ type: 'pkcs8', format: 'pem' }));
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

function validity(nowMs: number, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(nowMs - EARLY_MS), notAfter: new Date(nowMs + days * DAY_MS) };
}
