import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { output, ZodType } from 'zod';
import { readDocument, type DocumentType } from '../../src/transfer/document.ts';
import { spawnSandbox, type SandboxHandle } from '../sandbox/client.ts';
import { connectRegistry, image, type Artifact } from '../sandbox/content/index.ts';
import type { SandboxDescription, Side } from '../sandbox/description.ts';
import type { SettingsPatch } from '../sandbox/settings.ts';
import { runStep, sandboxEnvironment, type Inputs, type StepOptions, type StepResult } from './runner.ts';

/** Two clouds, and a runner beside them. */
export interface Scene {
  readonly sandbox: SandboxHandle;
  readonly clouds: SandboxDescription;
  /** Runs one step of the built action, in a folder of its own. */
  readonly step: (inputs: Inputs, options?: Partial<Omit<StepOptions, 'folder'>>) => Promise<StepResult>;
  /** Pushes artifacts to a registry and resolves to the lines that select them. */
  readonly push: (side: Side, repository: string, artifacts: Readonly<Record<string, Artifact>>) => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** Short runs: what they take in the real service is not what these tests are about. */
const QUICK: SettingsPatch = { runs: { seconds: [0], retryAfterSeconds: 1 } };

/** Starts a sandbox of this test file's own. */
export async function openScene(settings: SettingsPatch = {}): Promise<Scene> {
  const sandbox = await spawnSandbox({
    settings: { ...QUICK, ...settings, runs: { ...QUICK.runs, ...settings.runs } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-e2e-'));
  const clouds = sandbox.description;
  let steps = 0;
  return {
    sandbox,
    clouds,
    step: (inputs, options = {}) => {
      steps += 1;
      const env = { ...sandboxEnvironment(clouds), ...options.env };
      return runStep(inputs, { runId: String(1000 + steps), ...options, folder: join(folder, `step-${steps}`), env });
    },
    push: async (side, repository, artifacts) => {
      const client = await connectRegistry(clouds[side]);
      const entries = Object.entries(artifacts);
      await Promise.all(entries.map(([tag, artifact]) => client.push(repository, artifact, tag)));
      client.close();
      return entries.map(([tag]) => `${repository}:${tag}`);
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
