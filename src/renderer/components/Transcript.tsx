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
  const empty = entries.length === 0;
  const { scroller, away, onScroll, toEnd } = useStickToEnd(entries, !empty);
  return (
    <main className="transcript">
      <section
        className="scroller"
        ref={scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        aria-label={t('transcript.label')}
      >
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
