/** Canonical ids: `item_1` is the first item that the server named, `resp_2` the second response. */

/** Ids as the server makes them: a prefix and 21 random characters. */
const RANDOM_ID = /\b([a-z]{2,7})_([A-Za-z0-9_-]{21})(?![A-Za-z0-9_-])/gu;

export class CanonicalIds {
  private readonly byReal = new Map<string, string>();
  private readonly byCanonical = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** `values` differ from run to run, and are shown as `{{name}}`. */
  constructor(private readonly values: Record<string, string> = {}) {}

  /** `json` with every random id replaced; new ones are numbered as they come. */
  canonical(json: string): string {
    const named = Object.entries(this.values).reduce(
      (text, [name, value]) => text.replaceAll(value, `{{${name}}}`),
      json,
    );
    return named.replace(RANDOM_ID, (real, prefix: string) => this.name(real, prefix));
  }

  /** `json` with canonical ids that were given out, and names of values, replaced by what they stand for. */
  real(json: string): string {
    return json
      .replace(/\{\{(\w+)\}\}/gu, (all, name: string) => this.values[name] ?? all)
      .replace(/\b[a-z]{2,7}_\d+\b/gu, (name) => this.byCanonical.get(name) ?? name);
  }

  private name(real: string, prefix: string): string {
    const known = this.byReal.get(real);
    if (known !== undefined) return known;
    const count = (this.counts.get(prefix) ?? 0) + 1;
    this.counts.set(prefix, count);
    const name = `${prefix}_${count}`;
    this.byReal.set(real, name);
    this.byCanonical.set(name, real);
    return name;
  }
}
