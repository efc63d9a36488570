/** What is wrong now, by where it comes from: one problem a source, most important source first. */
import type { Problem } from '../shared/ipc';

/** In the order in which they are shown: the earlier makes the later matter less. */
const SOURCES = ['local-server', 'connection', 'microphone', 'engine', 'echo', 'hotkey', 'settings'] as const;
export type ProblemSource = (typeof SOURCES)[number];

const MISSING = 'unavailable: ';

export interface ProblemBoard {
  /** Sets what is wrong at `source`, or null when it is well again. */
  set(source: ProblemSource, problem: Problem | null): void;
  list(): Problem[];
}

export function createProblemBoard(onChange: () => void): ProblemBoard {
  const problems = new Map<ProblemSource, Problem>();
  return {
    set(source, problem) {
      const before = problems.get(source);
      if (before?.code === problem?.code && before?.detail === problem?.detail) return;
      if (problem) problems.set(source, problem);
      else problems.delete(source);
      onChange();
    },
    list: () => SOURCES.flatMap((source) => problems.get(source) ?? []),
  };
}

/** What the local server's engines lack: one that could not start is named "unavailable: <why>". */
export function engineProblem(engines: Record<string, string>): Problem | null {
  const missing = Object.values(engines).find((name) => name.startsWith(MISSING));
  return missing ? { code: 'engine-missing', detail: missing.slice(MISSING.length) } : null;
}
