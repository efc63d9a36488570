export interface Wordlessness {
  begin(): void;
  take(powers: Float64Array): void;
  verdict(): boolean;
}
export function createWordlessness(): Wordlessness {
  return { begin() {}, take() {}, verdict: () => false };
}
