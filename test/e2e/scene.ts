import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { output, ZodType } from 'zod';
import { readDocument, type DocumentType } from '../../src/transfer/document.ts';
import { REPORT } from '../../src/transfer/schemas.ts';
import { spawnSandbox, type SandboxHandle } from '../sandbox/client.ts';
import { connectRegistry, image, signature, type Artifact } from '../sandbox/content/index.ts';
import type { SandboxDescription, Side } from '../sandbox/description.ts';
import { send } from '../sandbox/request.ts';
import type { SettingsPatch } from '../sandbox/settings.ts';
import { runStep, sandboxEnvironment, sideInputs, type Inputs, type StepOptions, type StepResult } from './runner.ts';

/** Two clouds, and a runner beside them. */
export interface Scene {
  readonly sandbox: SandboxHandle;
  readonly clouds: SandboxDescription;
  /** Runs one step of the built action, in a folder of its own. */
  readonly step: (inputs: Inputs, options?: Partial<Omit<StepOptions, 'folder'>>) => Promise<StepResult>;
  /** Pushes artifacts to a registry and resolves to the lines that select them. */
  readonly push: (side: Side, repository: string, artifacts: Readonly<Record<string, Artifact>>) => Promise<string[]>;
  /** Attaches a signature to each of these tags. */
  readonly sign: (side: Side, repository: string, tags: readonly string[]) => Promise<void>;
  /** Names of all blobs in the container of a side. */
  readonly blobs: (side: Side) => Promise<readonly string[]>;
  /** The inputs of a step that sees both sides. */
  readonly both: Inputs;
  /** A folder that steps share, as jobs share artifacts. */
  readonly workspace: string;
  readonly close: () => Promise<void>;
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
 */
export async function openScene(settings: SettingsPatch = {}, empty = false): Promise<Scene> {
  const sandbox = await spawnSandbox({
    settings: { ...QUICK, ...settings, runs: { ...QUICK.runs, ...settings.runs } },
    empty,
  });
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-e2e-'));
  const clouds = sandbox.description;
  let steps = 0;
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  return {
    sandbox,
    clouds,
    workspace,
    both: { mode: 'full', ...sideInputs('source', clouds), ...sideInputs('target', clouds) },
    step: (inputs, options = {}) => {
      steps += 1;
      const env = { ...sandboxEnvironment(clouds), ...options.env };
      return runStep(inputs, {
        runId: String(1000 + steps),
        workspace,
        secrets: () => secretsOf(sandbox),
        ...options,
        folder: join(folder, `step-${steps}`),
        env,
      });
    },
    push: async (side, repository, artifacts) => {
      const client = await connectRegistry(clouds[side]);
      const entries = Object.entries(artifacts);
      await Promise.all(entries.map(([tag, artifact]) => client.push(repository, artifact, tag)));
      client.close();
      return entries.map(([tag]) => `${repository}:${tag}`);
    },
    sign: async (side, repository, tags) => {
      const client = await connectRegistry(clouds[side]);
      for (const tag of tags)
        await client.attach(repository, tag, (subject) => signature(subject, `${repository}:${tag}`));
      client.close();
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

/** A small image that no other seed gives. */
export const smallImage = (seed: string): Promise<Artifact> => image({ seed });

/** A document that a step has left, by the path in its outputs, checked against its schema. */
export function documentAt<Shape extends ZodType>(type: DocumentType<Shape>, path = ''): output<Shape> {
  if (!existsSync(path)) throw new Error(`there is no ${type.title} at "${path}"`);
  return readDocument(type, readFileSync(path, 'utf8'), path);
}

/** Ids of the failures that a step has shown as annotations. */
export const shownIds = ({ log }: StepResult): string[] =>
  [...log.matchAll(/^::error title=(ACRT\d{4})/gm)].map(([, id = '']) => id);

/** What became of each artifact of a step, by reference. */
export const outcomesOf = (result: StepResult): Readonly<Record<string, string>> =>
  Object.fromEntries(
    documentAt(REPORT, result.outputs['report']).artifacts.map(({ reference, outcome }) => [reference, outcome]),
  );
