import { EarOff, Unplug } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationEntry } from '../../shared/conversation';

/** One turn. The user's stand right in a bubble, Parley's left as plain text, notes about a turn in small print. */
export const Turn = memo(function Turn({ entry }: { entry: ConversationEntry }) {
  const { t } = useTranslation();
  if (entry.role === 'notice') return <NoticeTurn entry={entry} />;
  const speaker = entry.role === 'user' ? t('transcript.you') : t('transcript.parley');
  return (
    <li
      className="turn"
      data-role={entry.role}
      data-status={entry.status}
      data-speaking={entry.speaking || undefined}
    >
      <span className="visually-hidden">{speaker} </span>
      <div className="turn-words" data-partial={entry.partial || undefined} dir="auto">
        <Words entry={entry} />
      </div>
      <Mark entry={entry} />
    </li>
  );
});

function Words({ entry }: { entry: ConversationEntry }) {
  const { t } = useTranslation();
  if (entry.unheardText !== undefined && entry.unheardText !== '') {
    return (
      <>
        {entry.heardText}
        <span className="unheard">
          <span className="visually-hidden"> {t('transcript.unheardFrom')} </span>
          {entry.unheardText}
        </span>
      </>
    );
  }
  if (entry.text !== '') {
    return entry.role === 'assistant' && entry.partial ? <Growing text={entry.text} /> : entry.text;
  }
  if (entry.status === 'failed') return <em>{t('transcript.notTranscribed')}</em>;
  if (entry.status === 'lost' || entry.status === 'interrupted')
    return <em>{t('transcript.nothingSaid')}</em>;
  return (
    <span className="waiting" role="img" aria-label={t('transcript.waiting')}>
      <span />
      <span />
      <span />
    </span>
  );
}

/** An answer that still grows: the newest words are lighter and settle as others follow. */
function Growing({ text }: { text: string }) {
  const cut = /(?:\s+\S+){2}\s*$/.exec(text)?.index ?? 0;
  return (
    <>
      {text.slice(0, cut)}
      <span className="fresh">{text.slice(cut)}</span>
    </>
  );
}

function Mark({ entry }: { entry: ConversationEntry }) {
  const { t } = useTranslation();
  if (entry.status === 'interrupted' && entry.unheardText) {
    return (
      <p className="turn-mark">
        <EarOff aria-hidden="true" />
        {t('transcript.unheard')}
      </p>
    );
  }
  if (entry.status === 'interrupted') return <p className="turn-mark">{t('transcript.interrupted')}</p>;
  if (entry.status === 'lost') {
    return (
      <p className="turn-mark">
        <Unplug aria-hidden="true" />
        {t('transcript.lost')}
      </p>
    );
  }
  if (entry.status === 'failed' && entry.text !== '') {
    return <p className="turn-mark">{t('transcript.failed')}</p>;
  }
  return null;
}

function NoticeTurn({ entry }: { entry: ConversationEntry }) {
  const { t } = useTranslation();
  switch (entry.notice) {
    case 'not-heard':
      return (
        <li className="turn" data-role="notice" data-side="user">
          <EarOff aria-hidden="true" />
          <p>{t('transcript.notHeard')}</p>
        </li>
      );
    case 'response-lost':
      return (
        <li className="turn" data-role="notice">
          <Unplug aria-hidden="true" />
          <p>{t('transcript.responseLost')}</p>
        </li>
      );
    case 'response-failed':
      return (
        <li className="turn" data-role="notice">
          <Unplug aria-hidden="true" />
          <p>
            {t('transcript.responseFailed')}
            {entry.text !== '' && <small>{entry.text}</small>}
          </p>
        </li>
      );
    case undefined:
      return null;
    default:
      return entry.notice satisfies never;
  }
}
