import { Fragment } from 'react';
import { readableKeys } from './accelerator';

/** A key combination as keycaps, read out as one phrase. */
export function Keys({ accelerator }: { accelerator: string }) {
  const keys = readableKeys(accelerator, navigator.platform);
  return (
    <span className="keys">
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 && <span className="keys-plus">+</span>}
          <kbd>{key}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
