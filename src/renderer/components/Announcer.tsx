import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppState, useAppStore } from '../context';
import { viewOf } from './activity';

/**
 * The page's one live region: each change of state once, each finished answer once, each problem once.
 * What was there when the page opened is not read out.
 */
export function Announcer() {
  const { t } = useTranslation();
  const app = useAppState();
  const view = viewOf(app);
  const entries = useAppStore((s) => s.conversation.entries);
  const notice = useAppStore((s) => s.notice);
  const [words, setWords] = useState('');

  const activity = t(`activity.${view}`);
  const first = app.problems[0] ?? notice;
  const problem = first ? `${t(`problem.${first.code}.title`)} ${t(`problem.${first.code}.text`)}` : '';
  const final = entries.filter((entry) => entry.role === 'assistant' && !entry.partial && entry.text !== '');
  const answer = final.at(-1);

  const said = useRef({ activity, problem: '', answers: new Set(final.map((entry) => entry.id)) });
  useEffect(() => {
    const parts: string[] = [];
    if (said.current.activity !== activity) parts.push(activity);
    if (said.current.problem !== problem && problem !== '') parts.push(problem);
    if (answer && !said.current.answers.has(answer.id)) {
      said.current.answers.add(answer.id);
      parts.push(t('announce.answer', { text: answer.heardText ?? answer.text }));
    }
    said.current.activity = activity;
    said.current.problem = problem;
    if (parts.length > 0) setWords(parts.join('. '));
  }, [activity, problem, answer, t]);

  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}
