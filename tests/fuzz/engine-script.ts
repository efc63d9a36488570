/** How the fuzzer's engines behave in one session. */

export type LlmStep =
  | { kind: 'text'; text: string }
  /** Waits until the fuzzer lets it go on. */
  | { kind: 'gate' }
  /** Gives others a turn. */
  | { kind: 'yield' }
  | { kind: 'pause' }
  /** `streamed`: its arguments come in two pieces, with a gate between them. */
  | { kind: 'tool'; name: string; arguments: string; streamed: boolean }
  | { kind: 'usage' }
  | { kind: 'stopped'; reason: 'max_output_tokens' | 'content_filter' }
  | { kind: 'fail'; known: boolean };

export interface SttScript {
  partials: string[];
  final: string;
  fails: 'never' | 'to open' | 'at the end';
  waits: boolean;
  /** What `settle` gives; 'wait' waits for a gate, 'fail' rejects. */
  settled: 'wait' | 'fail' | 'null' | 'text';
}

export interface TtsScript {
  /** Lengths of the pieces of one sentence, in samples. */
  pieces: number[];
  waits: boolean;
  fails: boolean;
}

export interface EngineScript {
  vadFails: 'never' | 'to open' | 'later';
  /** Used in turn, from the first again after the last. */
  stt: SttScript[];
  llm: LlmStep[][];
  tts: TtsScript[];
  llmFailsToOpen: boolean;
  canPrepare: boolean;
  canSettle: boolean;
  ttsSampleRate: number;
  /** The LLM says one thing more after an abort. */
  late: boolean;
}
