/** The output side of an audio context; `setSinkId` is there from Chrome 110 on. */
export interface OutputContext {
  setSinkId?(deviceId: string): Promise<void>;
}

export interface SpeakerOutput {
  /**
   * Leads the sound to a device ('' is the system's default); of several calls in a row the last one counts. Where
   * that fails the default is used and `onProblem` gets the technical reason. Never throws.
   */
  setDevice(deviceId: string): Promise<void>;
  /** The output devices present now: a wished one that came back is taken, a used one that is gone is left. */
  setPresent(deviceIds: readonly string[]): Promise<void>;
}

/** Chooses where an audio context sounds. */
export function createSpeakerOutput(
  context: OutputContext,
  onProblem: (detail: string) => void,
): SpeakerOutput {
  let wished = '';
  /** What the context is to use: the wished device or the default. */
  let target = '';
  let used = '';
  let running: Promise<void> | null = null;

  async function apply(): Promise<void> {
    while (used !== target) {
      const deviceId = target;
      try {
        await context.setSinkId?.(deviceId);
        used = deviceId;
      } catch (cause) {
        onProblem(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
        // The context stays where it is when not even the default can be had.
        if (target === deviceId) target = deviceId === '' ? used : '';
      }
    }
    running = null;
  }

  const aim = (deviceId: string): Promise<void> => {
    target = deviceId;
    running ??= apply();
    return running;
  };

  return {
    setDevice(deviceId) {
      wished = deviceId;
      return aim(deviceId);
    },
    setPresent: (deviceIds) => aim(deviceIds.includes(wished) ? wished : ''),
  };
}
