import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Disclosure, DisclosurePanel } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Problem, ProblemCode } from '../../shared/ipc';
import { useAppState, useAppStore, usePage } from '../context';
import { IconButton } from './IconButton';
import { type ProblemAction, problemAction } from './problem-action';

/** How long a note stays; long enough to read two sentences twice. */
const NOTICE_MS = 9000;

/** What is wrong now, the most important first and the rest on request; then what was worth a note. */
export function Problems() {
  const { t } = useTranslation();
  const { store } = usePage();
  const { problems: present } = useAppState();
  const [dismissed, setDismissed] = useState<readonly ProblemCode[]>([]);
  const problems = present.filter(({ code }) => !dismissed.includes(code));
  // What went away and comes back is news again.
  const gone = dismissed.some((code) => !present.some((problem) => problem.code === code));
  if (gone) setDismissed(dismissed.filter((code) => present.some((problem) => problem.code === code)));

  const notice = useAppStore((s) => s.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => {
      if (store.getState().notice === notice) store.getState().dismissNotice();
    }, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice, store]);

  const [all, setAll] = useState(false);
  const count = problems.length + (notice ? 1 : 0);
  const shown = all ? problems : problems.slice(0, 1);
  const shownNotice = all || problems.length === 0 ? notice : null;
  const more = count - shown.length - (shownNotice ? 1 : 0);

  if (count === 0) return null;
  return (
    <div className="problems">
      {shown.map((problem) => (
        <ProblemCard
          key={problem.code}
          problem={problem}
          tone="problem"
          onDismiss={() => setDismissed([...dismissed, problem.code])}
        />
      ))}
      {shownNotice && (
        <ProblemCard problem={shownNotice} tone="notice" onDismiss={() => store.getState().dismissNotice()} />
      )}
      {more > 0 && (
        <Button className="link-button problems-more" onPress={() => setAll(true)}>
          {t('problems.more', { count: more })}
        </Button>
      )}
    </div>
  );
}

interface ProblemCardProps {
  problem: Problem;
  tone: 'problem' | 'notice';
  onDismiss: () => void;
}

function ProblemCard({ problem, tone, onDismiss }: ProblemCardProps) {
  const { t } = useTranslation();
  const run = useProblemAction();
  const action = problemAction(problem.code, useAppState().settings);
  // A problem that a button can solve stays until it is solved.
  const dismissable = tone === 'notice' || action === null;
  const Icon = tone === 'problem' ? CircleAlert : Info;
  return (
    <section className="problem" data-tone={tone} aria-label={t(`problem.${problem.code}.title`)}>
      <Icon className="problem-icon" aria-hidden="true" />
      <div className="problem-words">
        <h2>{t(`problem.${problem.code}.title`)}</h2>
        <p>{t(`problem.${problem.code}.text`)}</p>
        {(action || problem.detail !== '') && (
          <Disclosure className="problem-more">
            {({ isExpanded }) => (
              <>
                <div className="problem-actions">
                  {action && (
                    <Button className="button" onPress={() => run(action)}>
                      {t(`problem.${problem.code}.action`)}
                    </Button>
                  )}
                  {problem.detail !== '' && (
                    <Button slot="trigger" className="link-button">
                      {t(isExpanded ? 'problems.hideDetails' : 'problems.showDetails')}
                    </Button>
                  )}
                </div>
                <DisclosurePanel>
                  <p className="problem-detail">
                    <code>{problem.code}</code> {problem.detail}
                  </p>
                </DisclosurePanel>
              </>
            )}
          </Disclosure>
        )}
      </div>
      {dismissable && (
        <IconButton label={t('problems.dismiss')} onPress={onDismiss}>
          <X aria-hidden="true" />
        </IconButton>
      )}
    </section>
  );
}

function useProblemAction(): (action: ProblemAction) => void {
  const { parley, store, sound } = usePage();
  return (action) => {
    switch (action.do) {
      case 'settings':
        store.getState().openSettings(action.field);
        return;
      case 'change':
        void parley.command('settings.update', action.patch);
        return;
      case 'reconnect':
        void parley.command('connection.retry');
        return;
      case 'retry-microphone':
        sound.retryMicrophone();
        return;
      case 'system-microphone':
        void parley.command('microphone.help');
        return;
      default:
        action satisfies never;
    }
  };
}
