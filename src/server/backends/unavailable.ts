import { ENGINE_SAMPLE_RATE, type EngineError, type Llm, type Stt, type Tts, type Vad } from './index';

/**
 * Stand-ins for engines that could not start: the server runs, the other stages work, and whoever needs this one is
 * told `reason`, whose message says what to do.
 */

/** The name tells people and `GET /health` why; "unavailable: " at its start tells programs. */
const nameFor = (reason: EngineError): string => `unavailable: ${reason.message}`;

export function isUnavailable(engine: { name: string }): boolean {
  return engine.name.startsWith('unavailable: ');
}

export function unavailableVad(reason: EngineError): Vad {
  return {
    name: nameFor(reason),
    open() {
      throw reason;
    },
  };
}

export function unavailableStt(reason: EngineError): Stt {
  return {
    name: nameFor(reason),
    open() {
      throw reason;
    },
  };
}

export function unavailableLlm(reason: EngineError): Llm {
  return {
    name: nameFor(reason),
    open() {
      throw reason;
    },
  };
}

export function unavailableTts(reason: EngineError): Tts {
  return {
    name: nameFor(reason),
    sampleRate: ENGINE_SAMPLE_RATE,
    speak() {
      throw reason;
    },
  };
}
