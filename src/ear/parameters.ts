/**
 * Every number the ear decides by, with its unit and where it comes from. "Stimuli" are those of tests/ear: five
 * kinds of synthetic and recorded voices at four levels, noise, music, coughs, and echoes in simulated rooms.
 */

/** Hz; what the detectors hear. */
export const EAR_RATE = 16_000;

/** Samples the ear looks at in one go: 10 ms. */
export const HOP_SAMPLES = 160;
export const HOP_MS = 10;

/** Voice: probabilities of the network, 0..1. */
export const VOICE = {
  /**
   * From here on it is a voice. At 0.3, voices are confirmed 0 to 20 ms (p50) after a level trigger; at 0.5 20 ms
   * later in the tail, at 0.9 150 ms. Noise, music and slams of the stimuli stay below 0.3, coughs pass it briefly.
   */
  on: 0.3,
  /** The same where our own answer is to be heard: what a canceller of ours leaves of it is speech too. */
  onDuringReference: 0.5,
  /** Down to here a voice goes on: the distance that the network's authors recommend. */
  off: 0.2,
  /** A sound in which the network saw no more than this for `doubtMs` is no voice and no longer a likely one. */
  doubt: 0.1,
  doubtMs: 300,
} as const;

/** Level gate: what is a sound at all. */
export const GATE = {
  /** dBFS of 10 ms; softer sound is none. A voice with peaks at -40 dBFS has syllables of -48 to -52. */
  floorDb: -56,
  /** dB above the background; less is the background's own flicker. */
  aboveNoiseDb: 8,
  /** How fast the background's estimate rises, in dB per second: a noise that stays is background in seconds. */
  riseDbPerSecond: 6,
  /** Milliseconds the network goes on listening after the last sound. */
  holdMs: 600,
  /** Milliseconds of the past the network is given when it is woken: enough to know the room's noise. */
  wakeMs: 320,
} as const;

/** Soft microphones are turned up for the network, which knows voices with peaks near full scale. */
export const GAIN = {
  /** Peak that is aimed at, of 1. */
  target: 0.5,
  /** Most it is turned up, as a factor: 20 dB. */
  most: 10,
  /** How fast the remembered peak fades, dB per second. */
  fadeDbPerSecond: 6,
} as const;

/** Echo of our own answer. */
export const ECHO = {
  /** Milliseconds between rendering and its earliest echo: no device path is shorter, and reports may come this late. */
  leastDelayMs: 20,
  /** Milliseconds of echo path that are modelled behind that: 400 ms of device delay and the room's early tail. */
  pathMs: 480,
  /** Milliseconds after the last rendered sound in which there may still be an echo: the path and a room's tail. */
  tailMs: 700,
  /** dB of microphone over loudspeaker that is believed possible before anything was learned of the room. */
  unlearnedDb: 6,
  /** dB of what is left over what was cancelled, likewise. */
  unlearnedEstimateDb: 40,
  /** However quiet the room was, this much (dB) is believed possible: a canceller ahead of us loses hold at times. */
  leastDb: -45,
  leastEstimateDb: -20,
  /** Milliseconds of rendered sound in which the room is learned faster, being unknown. */
  youngMs: 1500,
  /** Milliseconds of a sounding answer without an echo after which the room is not new any more; delays are below it. */
  silentMs: 350,
  /** Milliseconds of rendered sound before the room may be believed quieter: the longest delay, and a little. */
  blindMs: 500,
  /** dB that sound must stand above the expected echo in a band to be evidence of something else. */
  marginDb: 6,
  /** Share (0..1) of the loudness that must be evidence. */
  share: 0.4,
  /** Milliseconds the network listens after the last evidence; then it forgets, so that echo never fills its memory. */
  holdMs: 200,
  /** Hops with evidence, of the last eight, that make a voice possible; and where there is an echo or the room is new. */
  hopsOfEight: 4,
  hopsOfEightWary: 6,
  /** Milliseconds of a new voice in which it is compared with the answer itself, chunk by chunk. */
  checkMs: 1000,
  /**
   * Peak over mean of that comparison from which it is the answer: at any delay, the same in a new room, and at
   * the delay known of this room.
   * Simulated echoes have 8 to 34 (5 % to 95 %), people 4 to 8, synthetic voices like the answer's own up to 13.
   * 256 ms of the microphone itself are compared too, for the system's canceller may lose hold and let the echo through
   * whole: there echoes have 9 to 24 (10 % to 99 %), voices up to 8.5 (95 %).
   */
  likeness: 9,
  likenessYoung: 6,
  likenessAtDelay: 5.5,
  /** Share of the microphone, 0..1, that the answer explains where there is nothing else in it: 0.96 to 1 for an echo's first word. */
  nothingElse: 0.9,
  /**
   * Where a canceller is ahead of us: likeness of the whole microphone times the share of it that the answer explains
   * (`explained-share`). From `lapse` on it is the answer, from `perhaps` on a voice must last `perhapsMs`. Lapses of
   * Chromium's canceller have 1.4 to 15 (5 % to 90 %), voices over it up to 1.4 (90 %) and 1.8 (95 %). Where an echo ever came
   * back whole, any voice must last longer than `hardlyMs`.
   */
  lapse: 2,
  perhaps: 1.1,
  perhapsMs: 140,
  hardlyMs: 20,
  /** Milliseconds between looks at the echo's delay while the microphone hears something during an answer. */
  delayEveryMs: 200,
  /** How far a band's expected echo rises when a sound was recognised as the answer, in dB; the second while young. */
  concedeDb: 2,
  concedeYoungDb: 6,
  /** How far a band's expected echo rises per hop that exceeds it, in dB. */
  riseDb: 1,
  /** The same where there is evidence of something else. */
  riseEvidenceDb: 0.1,
  /** How far it sinks per hop: this many dB and this share of the distance. A twentieth of the rise: 95 % lie below. */
  sinkDb: 0.05,
  sinkShare: 0.004,
  sinkShareYoung: 0.05,
} as const;

/** A hum among words. Bounds lie between the hums (spread 2 to 6 dB) and the words (4 to 25 dB) of the stimuli. */
export const WORDLESS = {
  /** Hops that must have been heard: a "no" has begun to move by then. */
  leastHops: 12,
  /** dB below the loudest hop down to which a hop has a shape, and down to which it may hiss. */
  loudDb: -15,
  softDb: -25,
  /** dB; shares of a region softer than this are all the same. */
  faintDb: -35,
  /** dB between the 15th and 85th percentile of a region's share, meant over the regions, that a hum keeps within. */
  humSpreadDb: 4,
  /** dB of the sound from 600 Hz on over that below: a hum is dark, the vowel of "stop" is not. */
  humTiltDb: -7,
  /** dB of the sound above 2.7 kHz over the rest from which it hisses, as only words do. */
  hissDb: -2,
} as const;
