/** What makes shared memory for the processor, in one module to be bundled. */
export { Bell } from '../../src/shared/bell';
export { allocatePlaybackMemory, WORD } from '../../src/shared/playback-line';
export { QuantumRing } from '../../src/shared/quantum-ring';
