/** The post part of an action. It runs when the job ends, with any result, unless its condition is false. */
import { readCommandFiles } from './command-files.ts';
import { holds } from './evaluate.ts';
import { openLog } from './log.ts';
import { runProcess } from './process.ts';
import type { StepResult } from './result.ts';
import { commandFiles, scopeOf, type JobState, type Post } from './step.ts';

const savedVariables = (saved: Post['saved']): Record<string, string> =>
  Object.fromEntries(Object.entries(saved).map(([name, value]) => [`STATE_${name}`, value]));

/** Runs the post part of an action, or skips it, and records the result in the job. */
export async function runPost(state: JobState, post: Post, index: number): Promise<StepResult> {
  const { log, text } = openLog(state.run.masks, state.onLine);
  const skipped = { id: undefined, name: post.name, outputs: {}, summary: '' };
  if (!holds(post.condition, scopeOf(state, state.env))) {
    return { ...skipped, outcome: 'skipped', conclusion: 'skipped', log: '' };
  }
  const { folder, variables } = commandFiles(state, `post-${index}`);
  const code = await runProcess(process.execPath, [post.program], {
    cwd: state.machine.workspace,
    env: { ...post.env, ...variables, ...savedVariables(post.saved) },
    onLine: log,
    cancelled: undefined,
  });
  const { summary } = readCommandFiles(folder, log);
  const conclusion = code === 0 ? 'success' : 'failure';
  if (conclusion === 'failure') state.status = 'failure';
  return { ...skipped, outcome: conclusion, conclusion, log: text(), summary };
}
