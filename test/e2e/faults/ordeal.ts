/** A transfer with faults, and its result. */
import { REPORT } from '../../../src/transfer/documents/report-schema.ts';
import { connectRegistry } from '../../sandbox/content/index.ts';
import type { Side } from '../../sandbox/description.ts';
import type { Inputs, StepOptions, StepResult } from '../runner.ts';
import { documentAt, smallImage, type Scene } from '../scene.ts';
import type { Injection, Victim } from './kind.ts';

const SIDES: readonly Side[] = ['source', 'target'];

/** An artifact to transfer, as it is at the source. */
export interface Expected {
  readonly reference: string;
  readonly digest: string;
}

/** Prepared artifacts, and the inputs that transfer them. */
export interface Ordeal extends Victim {
  readonly expected: readonly Expected[];
  readonly inputs: Inputs;
}

/** The state of the target after a step, and the work that led to it. */
export interface Aftermath {
  /** References that are missing or have another digest. */
  readonly missing: readonly string[];
  /** Transfer blobs that runs of the action imported more than once, with success. */
  readonly doubled: readonly string[];
  /** References that the report shows as transferred although they aren't. */
  readonly falselyGood: readonly string[];
}

/** Pushes small artifacts to their own repository. */
export async function prepareOrdeal(scene: Scene, name: string, batches: number): Promise<Ordeal> {
  const repository = `ordeal/${name}`;
  const tags = Array.from({ length: batches }, (_, index) => `v${index + 1}`);
  const images = await Promise.all(tags.map(async (tag) => [tag, await smallImage(`${name} ${tag}`)] as const));
  const artifacts = await scene.push('source', repository, Object.fromEntries(images));
  const transferName = `ordeal-${name}`;
  return {
    repository,
    artifacts,
    transferName,
    expected: images.map(([tag, { manifest }]) => ({ reference: `${repository}:${tag}`, digest: manifest.digest })),
    inputs: {
      ...scene.both,
      artifacts: artifacts.join('\n'),
      'transfer-name': transferName,
      'max-artifacts-per-run': '1',
    },
  };
}

/** Adds faults for the next step. */
export async function inject({ sandbox }: Scene, { rules = [], settings = [] }: Injection): Promise<void> {
  for (const [side, fault] of rules) await sandbox.addFault(side, fault);
  for (const [side, patch] of settings) await sandbox.settings(side, patch);
}

/** Number of requests with a fault on both sides since the last reset. */
export async function struck({ sandbox }: Scene): Promise<number> {
  const counts = await Promise.all(SIDES.map((side) => sandbox.faultsStruck(side)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Runs the step of an ordeal. */
export const undergo = (
  scene: Scene,
  { inputs }: Ordeal,
  more: Inputs = {},
  options: Partial<Omit<StepOptions, 'folder'>> = {},
): Promise<StepResult> => scene.step({ ...inputs, ...more }, options);

async function digestsAt(scene: Scene, { repository, expected }: Ordeal): Promise<ReadonlyMap<string, string | null>> {
  const client = await connectRegistry(scene.clouds.target);
  try {
    const found = expected.map(async ({ reference }) => {
      const tag = reference.slice(repository.length + 1);
      return [reference, await client.digest(repository, tag)] as const;
    });
    return new Map(await Promise.all(found));
  } finally {
    client.close();
  }
}

const GOOD = ['verified', 'present'];

/** Reads the target itself, and not the report of the step. */
export async function aftermath(scene: Scene, ordeal: Ordeal, result: StepResult): Promise<Aftermath> {
  const there = await digestsAt(scene, ordeal);
  const missing = ordeal.expected.filter(({ reference, digest }) => there.get(reference) !== digest);
  const transfers = await scene.sandbox.transfers('target');
  const imports = transfers.filter(
    ({ kind, blob, outcome, bySourceTrigger }) =>
      // The source trigger of a sandbox looks every 15 minutes, and imports a blob that exists then. ACRT3020 warns of it.
      kind === 'import' && outcome === 'succeeded' && !bySourceTrigger && blob.startsWith(`${ordeal.transferName}-`),
  );
  const doubled = [...Map.groupBy(imports, ({ blob }) => blob)].filter(([, runs]) => runs.length > 1);
  const path = result.outputs['report'];
  const reported = path ? documentAt(REPORT, path).artifacts : [];
  const good = new Set(reported.filter(({ outcome }) => GOOD.includes(outcome)).map(({ reference }) => reference));
  const references = missing.map(({ reference }) => reference);
  return {
    missing: references,
    doubled: doubled.map(([blob]) => blob),
    falselyGood: references.filter((reference) => good.has(reference)),
  };
}
