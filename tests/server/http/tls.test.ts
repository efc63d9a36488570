import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCertificate, namesFor } from '../../../src/server/http/tls';
import { startTestServer, TestClient } from '../../helpers/server-client';

const DAY_MS = 24 * 60 * 60 * 1000;

let base: string;
let folders = 0;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'parley-tls-'));
});
afterAll(() => rm(base, { recursive: true }));
const freshFolder = () => join(base, String(folders++), 'tls');
const serialOf = (cert: string) => new X509Certificate(cert).serialNumber;

describe('localCertificate', () => {
  it('is for this computer and what more is named, and its authority vouches for it', async () => {
    const folder = freshFolder();
    const { cert, key, caFile } = await localCertificate({ folder, names: ['Kitchen.local', '192.168.0.7'] });
    const leaf = new X509Certificate(cert);
    expect(leaf.subjectAltName?.split(', ').sort()).toEqual(
      [
        'DNS:kitchen.local',
        'DNS:localhost',
        'IP Address:127.0.0.1',
        'IP Address:192.168.0.7',
        'IP Address:0:0:0:0:0:0:0:1',
      ].sort(),
    );
    const authority = new X509Certificate(await readFile(caFile));
    expect([leaf.ca, authority.ca, leaf.checkIssued(authority), leaf.verify(authority.publicKey)]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(key).toContain('PRIVATE KEY');
    expect(await readFile(caFile, 'utf8')).not.toContain('PRIVATE KEY');
  });

  it('keeps keys from other users', async () => {
    const folder = freshFolder();
    await localCertificate({ folder });
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await modeOf(join(folder, 'authority.pem'))).toBe('600');
    expect(await modeOf(join(folder, 'server.pem'))).toBe('600');
    expect(await modeOf(folder)).toBe('700');
  });

  const later: Array<
    [name: string, days: number, names: string[], leaf: 'same' | 'new', authority: 'same' | 'new']
  > = [
    ['a day later', 1, [], 'same', 'same'],
    ['two months later, less a day', 59, [], 'same', 'same'],
    ['a month before its end', 61, [], 'new', 'same'],
    ['long after its end', 2000, [], 'new', 'same'],
    ['before the authority ends', 3560, [], 'new', 'new'],
    ['another name is wanted', 1, ['kitchen.local'], 'new', 'same'],
  ];
  it.each(later)('%s', async (_name, days, names, leaf, authority) => {
    const folder = freshFolder();
    const now = Date.now();
    const first = await localCertificate({ folder, now: () => now });
    const firstCa = await readFile(first.caFile, 'utf8');
    expect(first.newAuthority).toBe(true);
    const second = await localCertificate({ folder, names, now: () => now + days * DAY_MS });
    const secondCa = await readFile(second.caFile, 'utf8');
    expect(serialOf(second.cert) === serialOf(first.cert) ? 'same' : 'new').toBe(leaf);
    expect(secondCa === firstCa ? 'same' : 'new').toBe(authority);
    expect(second.newAuthority).toBe(authority === 'new');
    expect(new X509Certificate(second.cert).verify(new X509Certificate(secondCa).publicKey)).toBe(true);
  });

  const damages: Array<
    [name: string, file: string, damage: (text: string) => string, newAuthority: boolean]
  > = [
    ['half a certificate', 'server.pem', (text) => text.slice(0, text.length / 2), false],
    ['an empty authority', 'authority.pem', () => '', true],
    ['nonsense between the lines', 'authority.pem', (text) => text.replace(/^.{20}/mu, '????'), true],
    ['a lost public part', 'ca.pem', () => '', false],
  ];
  it.each(damages)('mends %s', async (_name, file, damage, newAuthority) => {
    const folder = freshFolder();
    await localCertificate({ folder });
    const path = join(folder, file);
    await writeFile(path, damage(await readFile(path, 'utf8')));
    const mended = await localCertificate({ folder });
    expect(mended.newAuthority).toBe(newAuthority);
    const authority = new X509Certificate(await readFile(mended.caFile));
    expect(new X509Certificate(mended.cert).verify(authority.publicKey)).toBe(true);
    expect((await localCertificate({ folder })).cert).toBe(mended.cert);
  });

  it('says why when there is no such place', async () => {
    const folder = join(base, 'file');
    await writeFile(folder, '');
    await expect(localCertificate({ folder })).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

describe('namesFor', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['[::1]', ['::1']],
    ['kitchen.local', ['kitchen.local']],
  ])('%s', (host, names) => expect(namesFor(host)).toEqual(names));

  it('all addresses of this computer where all are listened on', () => {
    expect(namesFor('0.0.0.0')).toContain('127.0.0.1');
    expect(namesFor('::').filter((name) => name.startsWith('fe80'))).toEqual([]);
  });
});

describe('a server with TLS', () => {
  it('serves the same over both, to clients that trust the authority, under each of its names', async () => {
    const certificate = await localCertificate({ folder: freshFolder() });
    const ca = await readFile(certificate.caFile);
    const server = await startTestServer({}, { tls: certificate });
    const { port, url, setCertificate } = server.tls ?? { port: 0, url: '', setCertificate: () => undefined };
    expect(url).toBe(`wss://127.0.0.1:${port}/v1/realtime`);
    for (const reached of [server.url, url, `wss://localhost:${port}/v1/realtime`]) {
      const client = await TestClient.open(reached, { ca });
      client.close();
    }
    await expect(TestClient.connect(url)).rejects.toThrow(/certificate/);
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const path = '/health';
        const servername = 'localhost';
        get({ host: '127.0.0.1', servername, port, path, ca, headers }, ({ statusCode }) =>
          resolve(statusCode),
        ).on('error', reject);
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: `localhost:${server.port}` })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);

    const renewed = await localCertificate({ folder: freshFolder() });
    setCertificate(renewed);
    const shown = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(shown).toBe(serialOf(renewed.cert));
    await server.close();
  });

  it('listens on both ports or on none', async () => {
    const tls = await localCertificate({ folder: freshFolder() });
    const other = await startTestServer();
    await expect(startTestServer({}, { tls: { ...tls, port: other.port } })).rejects.toThrow('is in use');
    await expect(startTestServer({}, { tls: { ...tls, cert: 'nonsense' } })).rejects.toThrow(/PEM/);
    await other.close();
  });
});
