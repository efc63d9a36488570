import { useCallback, useState } from 'react';
import type { CommandResult, Problem } from '../../../shared/ipc';
import type { SettingsPatch } from '../../../shared/settings';
import { usePage } from '../../context';

export interface Save {
  /** Why the last change was refused; null when it was taken. */
  problem: Problem | null;
  save(patch: SettingsPatch): void;
  /** For other commands that answer the same way. */
  run(command: Promise<CommandResult>): Promise<boolean>;
}

/** Sends a change at once and keeps the answer for the field it belongs to. */
export function useSave(): Save {
  const { parley } = usePage();
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useCallback(async (command: Promise<CommandResult>) => {
    const result = await command;
    setProblem(result.ok ? null : result.problem);
    return result.ok;
  }, []);
  const save = useCallback(
    (patch: SettingsPatch) => void run(parley.command('settings.update', patch)),
    [parley, run],
  );
  return { problem, save, run };
}
