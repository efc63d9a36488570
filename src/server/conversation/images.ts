import type { NewItem } from '../wire/client-event-schema';
import { ClientError } from '../wire/errors';

/** Largest image after base64, in bytes. Larger ones say no more to a language model, which sees them scaled down. */
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

const SIGNATURES = {
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  jpeg: Buffer.from([0xff, 0xd8, 0xff]),
} as const;

/**
 * Throws a ClientError for an image in `item` that cannot be shown to the LLM: it cannot look at any (`sees`), the
 * image is too large, or not what its data URI says. `param` is where the item stands in the event.
 */
export function checkImages(item: NewItem, sees: boolean, param: string): void {
  if (item.type !== 'message' || item.role !== 'user') return;
  for (const [index, part] of item.content.entries()) {
    if (part.type !== 'input_image') continue;
    if (!sees) {
      throw new ClientError(
        'image_input_not_supported',
        'The language model of this server cannot see images.',
        `${param}.content[${index}]`,
      );
    }
    const problem = imageProblem(part.image_url);
    if (problem !== null) {
      throw new ClientError('invalid_value', problem, `${param}.content[${index}].image_url`);
    }
  }
}

/** What is wrong with the image in `dataUri` ("data:image/png;base64,..."), null for nothing. */
function imageProblem(dataUri: string): string | null {
  const comma = dataUri.indexOf(',');
  const base64Length = dataUri.length - comma - 1;
  if ((base64Length * 3) / 4 > MAX_IMAGE_BYTES) {
    return `The image is larger than ${MAX_IMAGE_BYTES / 1024 / 1024} MiB.`;
  }
  const kind = dataUri.slice(0, comma).includes('/png') ? 'png' : 'jpeg';
  const signature = SIGNATURES[kind];
  const start = Buffer.from(dataUri.slice(comma + 1, comma + 17), 'base64');
  return start.subarray(0, signature.length).equals(signature)
    ? null
    : `This is not a ${kind.toUpperCase()} image.`;
}
