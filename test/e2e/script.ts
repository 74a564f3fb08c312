/** Runs the `run:` steps of our workflows. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps?: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
}

/** What came of a script. */
export interface ScriptResult {
  readonly exitCode: number;
  readonly log: string;
  /** `name=value` lines; the last of a name counts. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/**
 * The script of a step.
 * @throws when no step of the workflow has this name
 */
export function scriptOf(workflow: string, name: string): string {
  const path = join(import.meta.dirname, '..', '..', '.github', 'workflows', workflow);
  const { jobs } = load(readFileSync(path, 'utf8')) as Workflow;
  const step = Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .find((candidate) => candidate.name === name);
  if (step?.run === undefined) throw new Error(`${workflow} has no step "${name}" that runs a script`);
  return step.run;
}

/**
 * Runs a script with bash, the way of `shell: bash` (GitHub Actions: workflow syntax, `jobs.<job_id>.steps[*].shell`).
 * @param folder the temporary folder of the job
 */
export async function runScript(
  script: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<ScriptResult> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string, text = ''): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const files = { GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary.md'), RUNNER_TEMP: folder };
  const args = ['--noprofile', '--norc', '-eo', 'pipefail', file('script.sh', script)];
  const [exitCode, log] = await new Promise<[number, string]>((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...files, ...env } };
    const child = execFile('bash', args, options, (_, stdout, stderr) => {
      resolve([child.exitCode ?? -1, stdout + stderr]);
    });
  });
  const lines = readFileSync(files.GITHUB_OUTPUT, 'utf8').matchAll(/^([\w-]+)=(.*)$/gm);
  const outputs = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
  return { exitCode, log, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
}
