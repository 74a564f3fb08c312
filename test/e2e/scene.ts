import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxHandle } from '../sandbox/client.ts';
import { connectRegistry, signature } from '../sandbox/content/index.ts';
import type { SandboxDescription, Side } from '../sandbox/description.ts';
import { send } from '../sandbox/request.ts';
import { hostSandbox } from '../sandbox/hosted.ts';
import { defaultSettings, type SettingsPatch } from '../sandbox/settings.ts';
import { openContent, openSteps, type Place } from './place.ts';
import { sandboxEnvironment, sideInputs } from './runner.ts';

export { documentAt, outcomesOf, shownIds, smallImage } from './place.ts';

/** Two clouds of a sandbox, and a runner beside them. */
export interface Scene extends Place {
  readonly sandbox: SandboxHandle;
  readonly clouds: SandboxDescription;
  /** Attaches a signature to each of these tags. */
  readonly sign: (side: Side, repository: string, tags: readonly string[]) => Promise<void>;
}

/** Every secret that a step could have seen: what was given to it, and what it has shown to the clouds. */
export async function secretsOf({ description, secretsSeen }: SandboxHandle): Promise<readonly string[]> {
  const sides = [description.source, description.target];
  const given = sides.flatMap(({ client, storage }) => [
    client.clientSecret,
    storage.containerSas,
    new URLSearchParams(storage.containerSas).get('sig') ?? '',
  ]);
  return [
    ...given,
    description.github.requestToken,
    ...(await secretsSeen('source')),
    ...(await secretsSeen('target')),
  ];
}

/** Short runs: what they take in the real service is not what these tests are about. */
const QUICK: SettingsPatch = { runs: { seconds: [0], retryAfterSeconds: 1 } };

/**
 * Starts a sandbox of this test file's own.
 * @param empty without pipelines and what they need
 * @param trusts the only subject that can sign in by OIDC; when absent that of the steps of this scene
 */
export async function openScene(settings: SettingsPatch = {}, empty = false, trusts?: string): Promise<Scene> {
  const sandbox = await hostSandbox({
    settings: { ...QUICK, ...settings, runs: { ...QUICK.runs, ...settings.runs } },
    empty,
    ...(trusts !== undefined && { trusts }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-e2e-'));
  const clouds = sandbox.description;
  const content = openContent((side) => connectRegistry(clouds[side]));
  return {
    sandbox,
    clouds,
    ...openSteps(folder, { env: sandboxEnvironment(clouds), secrets: () => secretsOf(sandbox) }),
    ...content,
    // The scene has its own sandbox.
    named: (name) => ({ repository: name, transfer: name }),
    inputsOf: (side) => sideInputs(side, clouds),
    both: { mode: 'full', ...sideInputs('source', clouds), ...sideInputs('target', clouds) },
    sign: async (side, repository, tags) => {
      for (const tag of tags)
        await content.attach(side, repository, tag, (subject) => signature(subject, `${repository}:${tag}`));
    },
    blobs: async (side) => {
      const { storage, caFile } = clouds[side];
      const url = `${storage.containerUri}?restype=container&comp=list&${storage.containerSas}`;
      const { body } = await send(url, { ca: readFileSync(caFile, 'utf8'), method: 'GET' });
      return [...body.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name = '']) => name);
    },
    close: async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Back to two clouds in which nothing goes wrong: ends all faults, and sets what tests change of runs, tokens and storage. */
export async function calm({ sandbox }: Pick<Scene, 'sandbox'>): Promise<void> {
  const { runs, tokenLifetimeSeconds, storage } = defaultSettings;
  for (const side of ['source', 'target'] as const) {
    await sandbox.clearFaults(side);
    await sandbox.settings(side, { runs: { ...runs, ...QUICK.runs }, tokenLifetimeSeconds, storage });
  }
}
