/** A certificate for this computer, and the authority that vouches for it. */
import { makeAuthority, makeLeaf } from '../../src/server/http/certificates';

export async function testCertificate(): Promise<{ cert: string; key: string; ca: string }> {
  const authority = await makeAuthority(Date.now());
  const leaf = await makeLeaf(authority, ['localhost', '127.0.0.1'], Date.now());
  return { ...leaf, ca: authority.cert };
}
