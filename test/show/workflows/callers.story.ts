/** The whole workflows that the pages show, run as they stand there. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sideInputs } from '../../e2e/runner.ts';
import { documentedCallers, type Caller } from '../../workflows/samples/callers.ts';
import { openStage, type Stage } from '../../workflows/samples/stage.ts';
import { failuresOf, type RunResult } from '../../workflows/result.ts';
import type { Named } from '../../workflows/run.ts';
import { sandboxOptions } from '../../workflows/sandbox.ts';

/** What the README leaves to "the identities, as above". */
const LEFT_OUT: Named = {
  'source-tenant-id': '${{ vars.SOURCE_TENANT_ID }}',
  'source-client-id': '${{ vars.SOURCE_CLIENT_ID }}',
  'target-tenant-id': '${{ vars.TARGET_TENANT_ID }}',
  'target-client-id': '${{ vars.TARGET_CLIENT_ID }}',
};

function whole({ text }: Caller): string {
  if (!text.includes('as above')) return text;
  return [text.trimEnd(), ...Object.entries(LEFT_OUT).map(([name, value]) => `      ${name}: ${value}`), ''].join('\n');
}

const callersThat = (does: Caller['does']): readonly Caller[] =>
  documentedCallers().filter((caller) => caller.does === does);

let stage: Stage;

/** Those of these inputs that the form of the caller has. */
const formOf = ({ text }: Caller, inputs: Named): Named =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => new RegExp(`\\b${name}: \\{.*type: `).test(text)));

/** A run by the first event that the caller is for. A target that it names no cloud for is in another one all the same. */
function start(caller: Caller, tag: string, inputs: Named): Promise<RunResult> {
  const event = /\b(?:schedule|push|workflow_dispatch)\b/.exec(caller.text)?.[0] ?? '';
  const { clouds } = stage.scene;
  const sandbox = sandboxOptions(clouds);
  return stage.runText(caller.name, whole(caller), {
    event,
    ref: event === 'push' ? `refs/tags/${tag}` : 'refs/heads/main',
    clouds: { ...sandbox.clouds, 'target-cloud: azurecloud': clouds.target.arm },
    ...(event === 'workflow_dispatch' && { inputs: formOf(caller, inputs) }),
  });
}

describe('on two clouds that are set up', () => {
  let tags = 0;

  beforeAll(async () => {
    stage = await openStage();
    stage.commit('artifacts.txt', 'team/*:*\n');
  });

  afterAll(async () => {
    await stage.close();
  });

  it.each(callersThat('transfer'))('$name', async (caller) => {
    tags += 1;
    const tag = `v${tags}`;
    const [, sample] = /artifacts: (samples\/\S+):v1$/m.exec(caller.text) ?? [];
    const artifact = sample === undefined ? await stage.push('team/api', tag) : await stage.push(sample, 'v1');
    const run = await start(caller, tag, { artifacts: artifact, mode: 'full' });
    expect(failuresOf(run)).toEqual([]);
    expect((await stage.imported()).at(-1)).toBe(artifact);
  });

  const far = callersThat('import');
  it.each(
    callersThat('export').flatMap((near, index) => far.slice(index, index + 1).map((each) => ({ near, far: each }))),
  )('$near.name, the handoff of the reader, and $far.name', async ({ near, far }) => {
    tags += 1;
    const artifact = await stage.push('team/api', `v${tags}`);
    const known = await stage.scene.blobs('source');
    const out = await start(near, 'v1', {});
    expect(failuresOf(out)).toEqual([]);
    const manifests = (await stage.scene.blobs('source')).filter((name) => name.endsWith('.transfer.json'));
    const transfer = (manifests.find((name) => !known.includes(name)) ?? '').replace(/\.transfer\.json$/, '');
    const { clouds } = stage.scene;
    // The clouds trust no job for this step.
    const sides = { ...sideInputs('source', clouds, 'secret'), ...sideInputs('target', clouds, 'secret') };
    const handoff = { ...sides, mode: 'handoff', 'transfer-name': transfer };
    expect((await stage.scene.step(handoff)).outputs).toMatchObject({ status: 'succeeded' });
    const back = await start(far, 'v1', { transfer });
    expect(failuresOf(back)).toEqual([]);
    expect(await stage.imported()).toContain(artifact);
  });
});

describe('on two empty clouds', () => {
  let made = 0;

  beforeAll(async () => {
    stage = await openStage(true);
    await stage.push('team/base', 'v1');
  });

  afterAll(async () => {
    await stage.close();
  });

  it.each(callersThat('setup'))('$name', async (caller) => {
    made += 1;
    const { source, target } = stage.scene.clouds;
    const vars = {
      EXPORT_PIPELINE: `${source.registry.id}/exportPipelines/example${made}`,
      IMPORT_PIPELINE: `${target.registry.id}/importPipelines/example${made}`,
    };
    const text = whole(caller)
      .replace(/https:\S+\/outbox$/m, source.storage.containerUri)
      .replace(/https:\S+\/inbox$/m, target.storage.containerUri);
    const run = await stage.runText(caller.name, text, { vars });
    expect(failuresOf(run)).toEqual([]);
    expect((await stage.scene.sandbox.inventory('source')).pipelines).toHaveLength(made);
  });
});
