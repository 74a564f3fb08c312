/** `run:` steps. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { evaluateText } from './evaluate.ts';
import type { RunDefaults } from './model.ts';
import { runProcess } from './process.ts';
import type { Work, Worked } from './step.ts';
import type { Template } from './template.ts';

/** Commands that start a script, by shell. Without a named shell, bash ignores failures in pipes, as on the runner. */
const SHELLS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  '': ['bash', '-e'],
  bash: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail'],
  sh: ['sh', '-e'],
};

/** The value of the step, of the job, or of the workflow, in this order. */
function setting(work: Work, own: Template | undefined, key: keyof RunDefaults): string {
  const inherited = work.state.defaults.map((defaults) => defaults[key]);
  return evaluateText(
    [own, ...inherited].find((template) => template !== undefined),
    work.scope,
  );
}

/**
 * Runs a script to its end.
 * @throws if it can't be started
 */
export async function runScript(work: Work): Promise<Worked> {
  const { state, step, scope, env, log, cancelled } = work;
  const shell = setting(work, step.shell, 'shell');
  const command = SHELLS[shell];
  if (command === undefined) throw new Error(`shell '${shell}' is not played by this runner`);
  const cwd = resolve(state.machine.workspace, setting(work, step.workingDirectory, 'workingDirectory'));
  if (!existsSync(cwd)) {
    throw new Error(
      `An error occurred trying to start process '${command[0]}' with working directory '${cwd}'. No such file or directory`,
    );
  }
  const scripts = join(state.machine.temp, '_scripts');
  mkdirSync(scripts, { recursive: true });
  const script = join(scripts, `${crypto.randomUUID()}.sh`);
  writeFileSync(script, evaluateText(step.run, scope));
  const [program, ...flags] = command;
  const code = await runProcess(program, [...flags, script], { cwd, env, onLine: log, cancelled });
  if (code !== 0 && cancelled?.aborted !== true) log(`##[error]Process completed with exit code ${code ?? 'none'}.`);
  return { succeeded: code === 0, outputs: {} };
}
