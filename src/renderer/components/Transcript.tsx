import { ArrowDown } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppStore } from '../context';
import { EmptyState } from './EmptyState';
import { Turn } from './Turn';
import { useStickToEnd } from './use-stick-to-end';

/** The conversation, or what to do when there is none yet. */
export function Transcript() {
  const { t } = useTranslation();
  const entries = useAppStore((s) => s.conversation.entries);
  const { scroller, away, onScroll, toEnd } = useStickToEnd(entries);
  const empty = entries.length === 0;
  return (
    <main className="transcript">
      {/* Reachable with the keyboard, because a list that scrolls must be. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the keyboard */}
      <section className="scroller" ref={scroller} onScroll={onScroll} tabIndex={0} aria-label={t('transcript.label')}>
        {empty ? (
          <EmptyState />
        ) : (
          <ol className="turns">
            {entries.map((entry) => (
              <Turn key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </section>
      {away && !empty && (
        <Button className="jump" onPress={toEnd}>
          <ArrowDown aria-hidden="true" />
          {t('transcript.jump')}
        </Button>
      )}
    </main>
  );
}
