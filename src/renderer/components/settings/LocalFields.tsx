import { Sparkles } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { RadioField } from './ChoiceField';
import { FieldFrame } from './FieldFrame';
import { llm } from './fields';
import { useSave } from './use-save';

const STAGES = ['vad', 'stt', 'llm', 'tts'] as const;

/** What hears, thinks and speaks on this computer now. */
export function EnginesField() {
  const { t } = useTranslation();
  const { engines } = useAppState();
  return (
    <FieldFrame id="engines" defaultText={null} changed={false} problem={null}>
      <p className="field-label">{t('field.engines.label')}</p>
      <dl className="engines">
        {STAGES.filter((stage) => engines[stage]).map((stage) => (
          <div key={stage}>
            <dt>{t(`engine.${stage}`)}</dt>
            <dd>{engines[stage]}</dd>
          </div>
        ))}
      </dl>
    </FieldFrame>
  );
}

/** The language model of the local server; a chat server that was found can be taken with one button. */
export function LlmKindField() {
  const { t } = useTranslation();
  const { offeredLlm, settings } = useAppState();
  const { save } = useSave();
  const model = offeredLlm?.models[0];
  return (
    <>
      {offeredLlm && model && settings.llm.kind === 'builtin' && (
        <div className="offer">
          <Sparkles aria-hidden="true" />
          <p>
            <strong>{t('offer.title')}</strong> {t('offer.text', { url: offeredLlm.baseUrl, model })}
          </p>
          <Button
            className="button"
            onPress={() => save({ llm: { kind: 'openai-compatible', baseUrl: offeredLlm.baseUrl, model } })}
          >
            {t('offer.use', { model })}
          </Button>
        </div>
      )}
      <RadioField
        id="llmKind"
        setting={llm('kind')}
        choices={[
          { value: 'builtin', label: t('field.llmKind.builtin') },
          { value: 'openai-compatible', label: t('field.llmKind.compatible') },
        ]}
      />
    </>
  );
}
