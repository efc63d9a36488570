import { useTranslation } from 'react-i18next';
import { interruptionPolicySchema, VOICES } from '../../../shared/settings';
import { RadioField, SelectField } from './ChoiceField';
import { DeviceField } from './DeviceField';
import { type FieldId, interruption, llm, plain, turnDetection } from './fields';
import { HotkeyField } from './HotkeyField';
import { KeyField } from './KeyField';
import { EnginesField, LlmKindField } from './LocalFields';
import { NumberSetting } from './NumberSetting';
import { SliderField } from './SliderField';
import { SwitchField } from './SwitchField';
import { checkAddress, TextSetting } from './TextSetting';

/** The control that edits one field. */
export function FieldControl({ id }: { id: FieldId }) {
  const { t } = useTranslation();
  const upTo = (count: number): string => t('settings.upTo', { count });
  const choices = <T extends string>(values: readonly T[]) =>
    values.map((value) => ({ value, label: t(`field.${id}.${value}`) }));

  switch (id) {
    case 'service':
      return (
        <RadioField id={id} setting={plain('service')} choices={choices(['local', 'openai', 'custom'])} />
      );
    case 'customBaseUrl':
      return (
        <TextSetting
          id={id}
          setting={plain('customBaseUrl')}
          maxLength={2000}
          placeholder="https://example.com/v1"
          check={checkAddress('realtime')}
          range={t('settings.address.realtimeRange')}
        />
      );
    case 'openaiKey':
      return <KeyField id={id} name="openai" />;
    case 'customKey':
      return <KeyField id={id} name="custom" />;
    case 'model':
      return <TextSetting id={id} setting={plain('model')} maxLength={200} range={upTo(200)} />;
    case 'voice':
      return (
        <SelectField
          id={id}
          setting={plain('voice')}
          choices={VOICES.map((voice) => ({
            value: voice,
            label: voice.charAt(0).toUpperCase() + voice.slice(1),
          }))}
        />
      );
    case 'instructions':
      return (
        <TextSetting
          id={id}
          setting={plain('instructions')}
          maxLength={16_000}
          rows={5}
          range={upTo(16_000)}
        />
      );
    case 'microphoneId':
      return <DeviceField kind="microphones" />;
    case 'speakerId':
      return <DeviceField kind="speakers" />;
    case 'preRoll':
    case 'echoCancellation':
    case 'noiseSuppression':
    case 'autoGainControl':
      return <SwitchField id={id} setting={plain(id)} />;
    case 'talkMode':
      return (
        <RadioField
          id={id}
          setting={plain('talkMode')}
          choices={[
            { value: 'push-to-talk', label: t('mode.pushToTalk') },
            { value: 'free-mic', label: t('mode.freeMic') },
          ]}
        />
      );
    case 'hotkey':
      return <HotkeyField />;
    case 'interruption':
      return (
        <RadioField
          id={id}
          setting={interruption('when')}
          choices={interruptionPolicySchema.options.map((value) => ({
            value,
            label: t(`field.${id}.${value}.label`),
            about: t(`field.${id}.${value}.about`),
          }))}
        />
      );
    case 'interruptionWords':
      return <NumberSetting id={id} setting={interruption('words')} minimum={1} maximum={10} />;
    case 'threshold':
      return <SliderField id={id} setting={turnDetection(id)} minimum={0} maximum={1} step={0.05} unit="" />;
    case 'silenceDurationMs':
      return (
        <SliderField id={id} setting={turnDetection(id)} minimum={100} maximum={5000} step={50} unit="ms" />
      );
    case 'prefixPaddingMs':
      return (
        <SliderField id={id} setting={turnDetection(id)} minimum={0} maximum={2000} step={50} unit="ms" />
      );
    case 'engines':
      return <EnginesField />;
    case 'llmKind':
      return <LlmKindField />;
    case 'llmBaseUrl':
      return (
        <TextSetting
          id={id}
          setting={llm('baseUrl')}
          maxLength={2000}
          check={checkAddress('http')}
          range={t('settings.address.httpRange')}
        />
      );
    case 'llmModel':
      return (
        <TextSetting
          id={id}
          setting={llm('model')}
          maxLength={200}
          placeholder="llama3.2"
          range={upTo(200)}
        />
      );
    case 'llmKey':
      return <KeyField id={id} name="llm" />;
    case 'theme':
      return <RadioField id={id} setting={plain('theme')} choices={choices(['system', 'light', 'dark'])} />;
    case 'language':
      return <RadioField id={id} setting={plain('language')} choices={choices(['system', 'en', 'zh'])} />;
    default:
      return id satisfies never;
  }
}
