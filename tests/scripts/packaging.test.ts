/** What ships the server: nothing here runs `docker build` or systemd, so the files are read as those would. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program';

const dockerfile = await readFile('Dockerfile', 'utf8');

describe('the Dockerfile', () => {
  const all = DockerfileParser.parse(dockerfile).getInstructions();
  const of = (keyword: string, instructions: Instruction[] = all) =>
    instructions.filter((instruction) => instruction.getKeyword() === keyword);
  const lastStage = all.slice(all.map((instruction) => instruction.getKeyword()).lastIndexOf('FROM'));
  const jsonOf = (keyword: string): string[] =>
    (of(keyword, lastStage).at(-1) as JSONInstruction)
      .getJSONStrings()
      .map((range) => JSON.parse(range.getJSONValue() ? `"${range.getJSONValue()}"` : '""'));

  it('is one that Docker would take, without a warning', () => {
    expect(validate(dockerfile)).toEqual([]);
  });

  it('runs as a user of its own, is watched, and keeps its state in a volume', () => {
    expect(of('USER', lastStage).map((instruction) => instruction.getArgumentsContent())).toEqual(['node']);
    expect(of('HEALTHCHECK', lastStage)).toHaveLength(1);
    const volume = of('VOLUME', lastStage)[0]?.getArgumentsContent() ?? '';
    const [state] = JSON.parse(volume) as string[];
    expect(of('ENV', lastStage)[0]?.getArgumentsContent()).toContain(`PARLEY_STATE_DIR=${state}`);
  });

  it('holds no secret', () => {
    const set = [...of('ENV'), ...of('ARG')].map((instruction) => instruction.getArgumentsContent());
    expect(set.filter((text) => /token|key|secret|password/iu.test(text ?? ''))).toEqual([]);
  });

  it('copies only what is there and what .dockerignore lets through', async () => {
    const rules = (await readFile('.dockerignore', 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    const passed = rules.slice(1).map((rule) => rule.replace(/^!/u, ''));
    const isPassed = (file: string) =>
      passed.some((path) => file === path || file.startsWith(`${path}/`) || matchesGlob(file, path));
    for (const file of [
      'package.json',
      'package-lock.json',
      'electron.vite.config.ts',
      'tsconfig.node.json',
      'src/cli.ts',
      'scripts/fetch-models.mjs',
    ]) {
      expect([file, existsSync(file), isPassed(file)]).toEqual([file, true, true]);
    }
    const kept = ['tests', 'docs', 'demo', 'models', 'out', 'node_modules', '.git', '.npmrc'];
    expect(kept.filter((name) => isPassed(name) || isPassed(`${name}/file`))).toEqual([]);
  });

  it('starts a command that the program takes, and only with a token', async () => {
    const args = jsonOf('CMD');
    expect(args).toEqual(['serve', '--host', '0.0.0.0']);
    const notes: string[] = [];
    const exit = await runProgram([...args, '--port', '0'], {
      print: () => {},
      note: (line) => notes.push(line),
      env: {},
      modelsDir: resolve('models'),
      version: '0',
      stopped: async () => {},
    });
    expect([exit, notes.at(-1)]).toEqual([1, expect.stringContaining('Give a token')]);
  });

  it('builds on a Node that the program supports', async () => {
    const { engines } = JSON.parse(await readFile('package.json', 'utf8'));
    const needed = Number(/(\d+)/u.exec(engines.node)?.[1]);
    for (const from of of('FROM')) {
      const major = Number(/^node:(\d+)-bookworm-slim/u.exec(from.getArgumentsContent() ?? '')?.[1]);
      expect(major).toBeGreaterThanOrEqual(needed);
    }
  });
});

describe('the systemd unit', () => {
  const analyze = existsSync('/usr/bin/systemd-analyze');

  /** The unit with a program that is there. */
  async function unitHere(): Promise<string> {
    const unit = await readFile('packaging/parley.service', 'utf8');
    const file = join(await mkdtemp(join(tmpdir(), 'parley-unit-')), 'parley.service');
    await writeFile(file, unit.replace('/usr/bin/node ', `${process.execPath} `));
    return file;
  }

  it.runIf(analyze)('is one that systemd takes without a word', async () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', await unitHere()], {
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });

  it.runIf(analyze)('is exposed as little as a program with a just-in-time compiler can be', async () => {
    const { status, stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--no-pager', '--offline=true', '--threshold=20', await unitHere()],
      { encoding: 'utf8' },
    );
    expect(status, stdout).toBe(0);
  });

  it('starts a command that the program takes', async () => {
    const unit = await readFile('packaging/parley.service', 'utf8');
    const environment = Object.fromEntries(
      [...unit.matchAll(/^Environment=(.*)$/gmu)].flatMap(([, list]) =>
        (list ?? '').split(' ').map((pair) => pair.split('=')),
      ),
    );
    const [, command] = /^ExecStart=\S+ \S+ (.*)$/mu.exec(unit) ?? [];
    const args = (command ?? '').replace(/\$\{(\w+)\}/gu, (_, name) => environment[name]).split(' ');
    expect(args).toEqual(['serve', '--host', '127.0.0.1', '--port', '8765']);
  });
});

/** Of the one kind of pattern that is used: a star within a name. */
function matchesGlob(file: string, pattern: string): boolean {
  const [before = '', after] = pattern.split('*');
  return after !== undefined && !file.includes('/') && file.startsWith(before) && file.endsWith(after);
}
