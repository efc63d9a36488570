import { RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../shared/ipc';
import { FIELDS, type FieldId } from './fields';

interface FieldFrameProps {
  id: FieldId;
  /** What the default is, in words; null where there is nothing to go back to. */
  defaultText: string | null;
  /** Unit and range in words; null where the control shows every choice. */
  range?: string | null;
  changed: boolean;
  onReset?: () => void;
  problem: Problem | null;
  /** An error found in the page, in words. */
  error?: string | null;
  children: ReactNode;
}

/** The small print below a control, the same for every field: description, error, range, default, reset, wire name. */
export function FieldFrame(props: FieldFrameProps) {
  const { id, defaultText, range = null, changed, onReset, problem, error = null, children } = props;
  const { t } = useTranslation();
  const wire = FIELDS.find((field) => field.id === id)?.wire ?? null;
  return (
    <div className="field" data-field={id}>
      {children}
      <p className="field-about" id={aboutId(id)}>
        {t(`field.${id}.about`)}
      </p>
      {(error ?? problem) && (
        <p className="field-error" role="alert">
          {error ?? `${t(`problem.${problem?.code}.title`)} ${t(`problem.${problem?.code}.text`)}`}
        </p>
      )}
      <p className="field-print">
        {range && <span>{range}</span>}
        {defaultText !== null && <span>{t('settings.default', { value: defaultText })}</span>}
        {wire && <code>{wire}</code>}
        {changed && onReset && (
          <Button
            className="link-button"
            aria-label={t('settings.resetField', { field: t(`field.${id}.label`) })}
            onPress={onReset}
          >
            <RotateCcw aria-hidden="true" />
            {t('settings.reset')}
          </Button>
        )}
      </p>
    </div>
  );
}

/** The id of a field's description, for `aria-describedby`. */
export function aboutId(id: FieldId): string {
  return `about-${id}`;
}
