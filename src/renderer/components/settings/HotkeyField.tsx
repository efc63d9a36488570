import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { readableKeys, recordAccelerator } from '../accelerator';
import { Keys } from '../Keys';
import { aboutId, FieldFrame } from './FieldFrame';
import { defaultOf, plain } from './fields';
import { useSave } from './use-save';

const setting = plain('hotkey');

/** Press it, then press the keys: what will not do as a global key is refused with the reason. */
export function HotkeyField() {
  const { t } = useTranslation();
  const { settings, hotkey } = useAppState();
  const { problem, save } = useSave();
  const [recording, setRecording] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const standard = defaultOf(setting);
  const inUse = hotkey.accelerator === settings.hotkey;

  return (
    <FieldFrame
      id="hotkey"
      defaultText={readableKeys(standard, navigator.platform).join(' + ')}
      range={t('field.hotkey.range')}
      changed={settings.hotkey !== standard}
      onReset={() => save(setting.patch(standard))}
      problem={problem}
      error={error ?? (inUse && hotkey.kind === 'unavailable' ? t('field.hotkey.taken') : null)}
    >
      <p className="field-label" id="hotkey-label">
        {t('field.hotkey.label')}
      </p>
      {/* A native button: while it records, every key belongs to it, Space and Enter included. */}
      <button
        type="button"
        className="hotkey-recorder"
        data-recording={recording || undefined}
        aria-labelledby="hotkey-label hotkey-value hotkey-action"
        aria-describedby={aboutId('hotkey')}
        onClick={() => {
          setError(null);
          setRecording(true);
        }}
        onBlur={() => setRecording(false)}
        onKeyDown={(event) => {
          if (!recording) return;
          if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey) return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'Escape' && !event.ctrlKey && !event.altKey && !event.metaKey) {
            setRecording(false);
            return;
          }
          const recorded = recordAccelerator(event.nativeEvent);
          if (recorded.ok) {
            setRecording(false);
            setError(null);
            save(setting.patch(recorded.accelerator));
          } else if (recorded.reason !== 'incomplete') {
            setError(t(`field.hotkey.refused.${recorded.reason}`));
          }
        }}
        onKeyUp={(event) => {
          if (recording) event.preventDefault();
        }}
      >
        <span id="hotkey-value">
          {recording ? t('field.hotkey.recording') : <Keys accelerator={settings.hotkey} />}
        </span>{' '}
        <span className="hotkey-action" id="hotkey-action">
          {t(recording ? 'field.hotkey.cancel' : 'field.hotkey.change')}
        </span>
      </button>
      {hotkey.kind !== 'unavailable' && <p className="field-note">{t(`field.hotkey.kind.${hotkey.kind}`)}</p>}
    </FieldFrame>
  );
}
