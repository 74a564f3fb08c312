/** The live suite doesn't know the sandbox. Variables name its clouds, as they name real ones. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IS_NIGHTLY } from '../tier.ts';
import { sandboxEnvironment } from './runner.ts';
import { openScene, type Scene } from './scene.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The result of `npm run test:live`, in jest's counts. */
interface LiveRun {
  readonly exitCode: number;
  readonly log: string;
  readonly counts: Readonly<Record<string, unknown>> | null;
}

let folder: string;
let runs = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-live-proof-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const readCounts = (file: string): LiveRun['counts'] => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LiveRun['counts'];
  } catch {
    return null;
  }
};

/** Runs it with these variables, and without others about clouds. */
async function runLive(variables: Readonly<Record<string, string>>): Promise<LiveRun> {
  runs += 1;
  const file = join(folder, `run-${runs}.json`);
  const args = ['run', 'test:live', '--', '--json', `--outputFile=${file}`];
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...variables };
  return new Promise((resolve) => {
    const child = execFile('npm', args, { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 }, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, log: stdout + stderr, counts: readCounts(file) });
    });
  });
}

const REQUIRED = [
  'LIVE_EXPORT_PIPELINE',
  'LIVE_IMPORT_PIPELINE',
  'LIVE_PREFIX',
  'LIVE_SOURCE_TENANT_ID',
  'LIVE_SOURCE_CLIENT_ID',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];

const missing = (log: string): readonly string[] =>
  [...log.matchAll(/^(\w+) is missing: .+\(docs\/live-tests\.md#variables\)$/gm)].map(([, name = '']) => name);

describe('the live suite without clouds', () => {
  it('skips every case, and lists the required settings', async () => {
    const { exitCode, log, counts } = await runLive({});
    expect(exitCode).toBe(0);
    expect(missing(log)).toEqual(REQUIRED);
    expect(counts).toMatchObject({ numPassedTests: 0, numFailedTests: 0, numPendingTests: counts?.['numTotalTests'] });
  });

  it('fails with incomplete settings, and names all missing ones', async () => {
    const { exitCode, log, counts } = await runLive({ LIVE_PREFIX: 'live', LIVE_SOURCE_CLOUD: '' });
    expect(exitCode).not.toBe(0);
    expect(missing(log)).toEqual(REQUIRED.filter((name) => name !== 'LIVE_PREFIX'));
    expect(counts).toBeNull();
  });
});

/** Takes minutes; nightly. */
function describeWithClouds(): void {
  let scene: Scene;

  beforeAll(async () => {
    // Imports take long enough to kill a runner meanwhile.
    scene = await openScene({ sourceTriggerSeconds: 3600 });
    await scene.sandbox.settings('target', { runs: { seconds: [1] } });
  });

  afterAll(async () => {
    await scene.close();
  });

  it('passes every case, skips none, imports nothing twice, and leaves no resources', async () => {
    const { source, target } = scene.clouds;
    const { exitCode, log, counts } = await runLive({
      ...sandboxEnvironment(scene.clouds),
      LIVE_EXPORT_PIPELINE: source.pipelines.managedIdentity,
      LIVE_IMPORT_PIPELINE: target.pipelines.managedIdentity,
      LIVE_PREFIX: 'live/tests',
      LIVE_SOURCE_CLOUD: source.arm,
      LIVE_SOURCE_TENANT_ID: source.tenantId,
      LIVE_SOURCE_CLIENT_ID: source.client.clientId,
      LIVE_TARGET_CLOUD: target.arm,
      LIVE_TARGET_TENANT_ID: target.tenantId,
      LIVE_TARGET_CLIENT_ID: target.client.clientId,
    });
    // Its output is the only explanation.
    if (exitCode !== 0) throw new Error(log);
    expect(counts).toMatchObject({ numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 });
    expect(counts?.['numPassedTests']).toBe(counts?.['numTotalTests']);
    expect(counts?.['numPassedTests']).toBeGreaterThanOrEqual(10);
    expect(log).not.toContain('leaves something behind');

    const imports = (await scene.sandbox.transfers('target')).map(({ blob }) => blob);
    expect(imports.length).toBeGreaterThan(0);
    expect(new Set(imports).size).toBe(imports.length);
    for (const side of ['source', 'target'] as const) {
      expect(await scene.blobs(side)).toEqual([]);
      expect((await scene.sandbox.inventory(side)).runs).toEqual([]);
    }
  });
}

if (IS_NIGHTLY) describe('the live suite with two clouds', describeWithClouds);
