/** How sound is written on the wire (REALTIME: the session object). */

export type WireFormat = 'pcm' | 'pcmu' | 'pcma';

/** A format as the session object names it. */
export type WireFormatObject =
  | { type: 'audio/pcm'; rate: 24_000 }
  | { type: 'audio/pcmu' }
  | { type: 'audio/pcma' };

export function toWireFormat(format: WireFormat): WireFormatObject {
  switch (format) {
    case 'pcm':
      return { type: 'audio/pcm', rate: 24_000 };
    case 'pcmu':
      return { type: 'audio/pcmu' };
    case 'pcma':
      return { type: 'audio/pcma' };
    default:
      return format satisfies never;
  }
}

export function fromWireFormat({ type }: { type: WireFormatObject['type'] }): WireFormat {
  switch (type) {
    case 'audio/pcm':
      return 'pcm';
    case 'audio/pcmu':
      return 'pcmu';
    case 'audio/pcma':
      return 'pcma';
    default:
      return type satisfies never;
  }
}
