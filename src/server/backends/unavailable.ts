import { ENGINE_SAMPLE_RATE, type EngineError, type Llm, type Stt, type Tts, type Vad } from './index';

/**
 * Stand-ins for engines that could not start: the server runs, the other stages work, and whoever needs this one is
 * told `reason`, whose message says what to do.
 */

const NAME = 'unavailable';

export function unavailableVad(reason: EngineError): Vad {
  return {
    name: NAME,
    open() {
      throw reason;
    },
  };
}

export function unavailableStt(reason: EngineError): Stt {
  return {
    name: NAME,
    open() {
      throw reason;
    },
  };
}

export function unavailableLlm(reason: EngineError): Llm {
  return {
    name: NAME,
    open() {
      throw reason;
    },
  };
}

export function unavailableTts(reason: EngineError): Tts {
  return {
    name: NAME,
    sampleRate: ENGINE_SAMPLE_RATE,
    speak() {
      throw reason;
    },
  };
}
