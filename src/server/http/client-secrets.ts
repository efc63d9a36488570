/** Short-lived keys (`ek_…`) that a program gives to a page of its own, each with what its sessions begin with. */
import { createHash, randomBytes } from 'node:crypto';
import type { SessionPatch } from '../wire/session-schema';

/** Seconds that a key lives. */
export const LIFETIME = { min: 10, max: 7200, default: 600, legacyDefault: 60 } as const;

/** More live keys than any honest program needs, and few enough to hold. */
const MAX_SECRETS = 1000;

/** What the sessions of a key begin with. */
export interface Binding {
  /** null: the session is as its client asks for. */
  session: SessionPatch | null;
  /** Of a key made for the older dialect; null otherwise. */
  temperature: number | null;
}

export interface IssuedSecret {
  value: string;
  /** Unix time in seconds. */
  expiresAt: number;
}

export class ClientSecrets {
  /** By digest: the keys themselves are not kept, and finding one takes no time that depends on another. */
  private readonly secrets = new Map<string, Binding & { expiresAt: number }>();

  /** `now` is the time in milliseconds since 1970. */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly capacity = MAX_SECRETS,
  ) {}

  /** A new key that lives for `seconds`; null when there are too many already. */
  issue(binding: Binding, seconds: number): IssuedSecret | null {
    if (this.secrets.size >= this.capacity) this.forgetExpired();
    if (this.secrets.size >= this.capacity) return null;
    const value = `ek_${randomBytes(24).toString('base64url')}`;
    const expiresAt = Math.floor(this.now() / 1000) + seconds;
    this.secrets.set(digest(value), { ...binding, expiresAt });
    return { value, expiresAt };
  }

  /** What a key is good for; 'expired' as long as it is remembered, 'unknown' when it was never given here. */
  find(key: string): Binding | 'expired' | 'unknown' {
    const secret = this.secrets.get(digest(key));
    if (secret === undefined) return 'unknown';
    return this.now() >= secret.expiresAt * 1000 ? 'expired' : secret;
  }

  private forgetExpired(): void {
    const now = this.now();
    for (const [key, { expiresAt }] of this.secrets) if (now >= expiresAt * 1000) this.secrets.delete(key);
  }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}
