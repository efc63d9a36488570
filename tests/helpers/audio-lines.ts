/** What makes shared memory for the processors, in one module to be bundled. */
export { allocateCaptureMemory } from '../../src/renderer/audio/capture-line';
export { Bell } from '../../src/shared/bell';
export { allocatePlaybackMemory, WORD } from '../../src/shared/playback-line';
export { QuantumRing } from '../../src/shared/quantum-ring';
