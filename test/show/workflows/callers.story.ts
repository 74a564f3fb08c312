/** The callers that README and docs/workflows.md show, run as they stand. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smallImage } from '../../e2e/scene.ts';
import { documentedCallers, type Caller } from '../../workflows/samples/callers.ts';
import { openStage, type Stage } from '../../workflows/samples/stage.ts';
import { failuresOf, jobOf, type RunResult } from '../../workflows/result.ts';
import type { GivenInputs } from '../../workflows/inputs.ts';

/** What some of them leave to "as above" of their page, and that the target of the sandbox is another cloud. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'source-tenant-id': '${{ vars.SOURCE_TENANT_ID }}',
  'source-client-id': '${{ vars.SOURCE_CLIENT_ID }}',
  'target-cloud': 'azureusgovernment',
  'target-tenant-id': '${{ vars.TARGET_TENANT_ID }}',
  'target-client-id': '${{ vars.TARGET_CLIENT_ID }}',
};

function whole({ text, calls }: Caller): string {
  if (calls !== 'transfer' && calls !== 'sync') return text;
  const lines = Object.entries(LEFT_OUT)
    .filter(([name]) => !text.includes(`${name}:`))
    .map(([name, value]) => `      ${name}: ${value}`);
  return [text.trimEnd(), ...lines, ''].join('\n');
}

const callersOf = (...names: readonly string[]): readonly Caller[] =>
  documentedCallers().filter(({ calls }) => names.includes(calls));

let stage: Stage;

describe('on two clouds that are set up', () => {
  let tags = 0;

  beforeAll(async () => {
    stage = await openStage();
    stage.commit('artifacts.txt', 'team/*:*\n');
  });

  afterAll(async () => {
    await stage.close();
  });

  const push = async (): Promise<string> => {
    tags += 1;
    const tag = `v${tags}`;
    await stage.scene.push('source', 'team/api', { [tag]: await smallImage(tag) });
    return tag;
  };

  /** A run by whatever event the caller is for. */
  const start = (caller: Caller, tag: string, inputs: GivenInputs): Promise<RunResult> => {
    const event = /\b(?:schedule|push|workflow_dispatch)\b/.exec(caller.text)?.[0] ?? '';
    return stage.runText(caller.name, whole(caller), {
      event,
      ref: event === 'push' ? `refs/tags/${tag}` : 'refs/heads/main',
      ...(event === 'workflow_dispatch' && { inputs }),
    });
  };

  const arrived = async (): Promise<readonly string[]> =>
    (await stage.scene.sandbox.transfers('target')).flatMap(({ artifacts }) => artifacts);

  it.each(callersOf('transfer', 'sync'))('$name, $calls.yml', async (caller) => {
    const tag = await push();
    const run = await start(caller, tag, { artifacts: `team/api:${tag}` });
    expect(failuresOf(run)).toEqual([]);
    expect((await arrived()).at(-1)).toBe(`team/api:${tag}`);
  });

  it('export.yml, a handoff by whatever there is, and import.yml', async () => {
    const [near, far] = [...callersOf('export'), ...callersOf('import')] as [Caller, Caller];
    const tag = await push();
    const out = await start(near, tag, {});
    expect(failuresOf(out)).toEqual([]);
    const { outputs } = jobOf(out, 'export');
    const transfer = outputs['transfer-name'] ?? '';
    const handoff = { ...stage.scene.both, mode: 'handoff', 'transfer-name': transfer };
    expect((await stage.scene.step(handoff)).outputs).toMatchObject({ status: 'succeeded' });
    const back = await start(far, tag, { transfer });
    expect(failuresOf(back)).toEqual([]);
    expect(jobOf(back, 'import').outputs).toMatchObject({ status: 'succeeded', failed: '0' });
    expect(await arrived()).toContain(`team/api:${tag}`);
  });
});

describe('on two empty clouds', () => {
  beforeAll(async () => {
    stage = await openStage(true);
  });

  afterAll(async () => {
    await stage.close();
  });

  it.each(callersOf('setup'))('$name, setup.yml', async (caller) => {
    const { source } = stage.scene.clouds;
    await stage.scene.push('source', 'team/base', { v1: await smallImage('base') });
    const vars = { EXPORT_PIPELINE: `${source.registry.id}/exportPipelines/first` };
    const run = await stage.runText(caller.name, whole(caller), { vars });
    expect(failuresOf(run)).toEqual([]);
    expect(jobOf(run, 'setup').outputs).toMatchObject({ 'source-status': 'changed', 'target-status': '' });
    expect((await stage.scene.sandbox.inventory('source')).pipelines).toHaveLength(1);
  });
});
