/** What each figure is, for people. */
import type { FigureName } from '../figure';

export interface About {
  title: string;
  what: string;
}

export const ABOUT: Record<FigureName, About> = {
  onsetToSilence: {
    title: 'From the first sound of the user’s voice to silence at the loudspeaker',
    what: 'A voice speaks over an answer. From where its sound begins in the microphone to the last sound of the loudspeaker above -50 dBFS, both read from one recording of the sound card.',
  },
  flush: {
    title: 'From the decision to be silent to silence',
    what: 'From the flush leaving the main process to the first silent block of the audio thread.',
  },
  flushUiBlocked: {
    title: 'From the decision to be silent to silence, with the window’s thread blocked',
    what: 'As flush, with the page’s UI thread kept busy for two seconds.',
  },
  capture: {
    title: 'From the first sample of a microphone chunk to its bytes on the socket',
    what: 'The chunk’s own 20 ms are in it.',
  },
  captureGapUiBlocked: {
    title: 'How long the microphone’s sound is held up while the window’s thread is blocked',
    what: 'The longest wait for a chunk beyond its own length while the UI thread is blocked, with no sample missing.',
  },
  endOfSpeechToFirstAudio: {
    title: 'From the last sound of the user’s voice to the first sound of the answer',
    what: 'The local server with its offline engines; both read from one recording of the sound card. The silence that ends a turn (`silence_duration_ms`) is in it.',
  },
  endpointOverhead: {
    title: 'From the last sound of the voice to the answer, without the silence that is waited for',
    what: 'End of speech to first audio less `silence_duration_ms`.',
  },
  ownEcho: {
    title: 'Answers cut by their own echo',
    what: 'The loudspeaker is heard by the microphone, at three levels, and nobody speaks.',
  },
  falseInterruptions: {
    title: 'Answers cut by what is no interruption',
    what: 'Noise, music, coughs, "mm-hm" over an answer: the share of trials in which the answer was lost.',
  },
  missedInterruptions: {
    title: 'Interruptions that were not heard',
    what: 'Quiet voices, and voices over a loud answer: the share of trials in which the answer went on.',
  },
  sessionsPerCore: {
    title: 'Conversations that one core serves',
    what: 'The local server with scripted engines and callers in real time: the most sessions at which 99 % of events are less than 50 ms late.',
  },
  startToReady: {
    title: 'From launch to ready',
    what: 'From starting the program to its first content on the screen, in turn with an Electron program that is one window with one word.',
  },
  idleCpu: {
    title: 'Processor while nobody speaks',
    what: 'Hidden in the tray, free mic, the microphone open.',
  },
  idleMemory: {
    title: 'Memory while nobody speaks',
    what: 'Hidden in the tray, free mic, the microphone open.',
  },
};
