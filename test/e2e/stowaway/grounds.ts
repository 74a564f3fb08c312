/** A sandbox in which an attacker can write to the containers, and a transfer that the attacker waits for. */
import { setTimeout as after } from 'node:timers/promises';
import { connectRegistry, image, type Artifact } from '../../sandbox/content/index.ts';
import type { Side } from '../../sandbox/description.ts';
import { md5Of, openContainers, type Containers } from '../containers.ts';
import type { FaultRule } from '../../sandbox/fault-rule.ts';
import { ALWAYS, answer } from '../faults/kind.ts';
import type { Inputs, StepOptions, StepResult } from '../runner.ts';
import { openScene, smallImage, type Scene } from '../scene.ts';
import { forge, padded, putForged, type Packed } from './forge.ts';

/** A scene with containers that others write to. */
export interface Grounds extends Scene {
  readonly containers: Containers;
  /** Removes a repository with everything in it. */
  readonly remove: (side: Side, repository: string) => Promise<void>;
}

/** The grounds of a scene. */
export function groundsOf(scene: Scene): Grounds {
  return {
    ...scene,
    containers: openContainers(scene),
    remove: async (side, repository) => {
      const client = await connectRegistry(scene.clouds[side]);
      await client.deleteRepository(repository);
      client.close();
    },
  };
}

/** Opens the grounds. */
export const openGrounds = async (): Promise<Grounds> => groundsOf(await openScene());

/** A transfer of one artifact, and an artifact that must not arrive. */
export interface Prey {
  readonly grounds: Grounds;
  readonly transfer: string;
  readonly repository: string;
  readonly line: string;
  readonly genuine: Artifact;
  readonly foreign: Artifact;
  /** Repository and tag under which the foreign artifact would arrive. */
  readonly foreignRepository: string;
  readonly foreignLine: string;
}

/** Bytes of a layer that leave room for a foreign artifact where the layer is left out. */
const ROOM = 64 * 1024;

/** Pushes an artifact that wasn't transferred yet. Its content is at the target already, under another name. */
export async function preparePrey(grounds: Grounds, name: string): Promise<Prey> {
  const repository = `prey/${name}`;
  const genuine = await image({ seed: `genuine ${name}`, layerBytes: [ROOM] });
  const [line = ''] = await grounds.push('source', repository, { v1: genuine });
  await grounds.push('target', `base/${name}`, { v0: genuine });
  const foreignRepository = `foreign/${name}`;
  return {
    grounds,
    transfer: `prey-${name}`,
    repository,
    line,
    genuine,
    foreign: await smallImage(`foreign ${name}`),
    foreignRepository,
    foreignLine: `${foreignRepository}:v1`,
  };
}

/** The genuine artifact as the attacker packs it, without its content. */
export const genuinely = ({ repository, genuine }: Prey): Packed => ({
  repository,
  tag: 'v1',
  artifact: genuine,
  withoutContent: true,
});

/** The foreign artifact under its own name. */
export const strange = ({ foreignRepository, foreign }: Prey): Packed => ({
  repository: foreignRepository,
  tag: 'v1',
  artifact: foreign,
});

/** The genuine artifact, and the foreign one as a stowaway. */
export const both = (prey: Prey): readonly Packed[] => [genuinely(prey), strange(prey)];

/** A blob as the attacker has seen it. */
export interface SeenBlob {
  readonly name: string;
  readonly bytes: Buffer;
  /** Base64. */
  readonly md5: string;
}

/** Reads the first transfer blob of a transfer. */
export async function seenBlob({ grounds, transfer }: Prey, side: Side): Promise<SeenBlob> {
  const names = await grounds.blobs(side);
  const name = names.find((each) => each.startsWith(`${transfer}-`) && each.endsWith('.tar'));
  if (name === undefined) throw new Error(`there is no blob of ${transfer} at the ${side}`);
  const blob = await grounds.containers.get(side, name);
  if (blob === null) throw new Error(`${name} is gone`);
  return { name, bytes: blob.bytes, md5: Buffer.from(blob.properties.contentMD5 ?? []).toString('base64') };
}

/** Replaces a blob with another content of the same size, and the Content-MD5 of the genuine blob. */
export async function swap({ grounds }: Prey, side: Side, blob: SeenBlob, content: readonly Packed[]): Promise<void> {
  const bytes = padded(await forge(content), blob.bytes.length);
  await putForged(grounds.containers, side, blob.name, bytes, blob.md5);
}

const named = ({ transfer }: Prey): Inputs => ({ 'transfer-name': transfer });

/** Writes the manifest of the transfer again, changed. */
export async function changeManifest(
  { grounds, transfer }: Prey,
  change: (manifest: ChangeableManifest) => object,
  name = transfer,
): Promise<void> {
  const client = grounds.containers.client('target');
  const text = (await client.getBlockBlobClient(`${transfer}.transfer.json`).downloadToBuffer()).toString('utf8');
  const changed = Buffer.from(JSON.stringify(change(JSON.parse(text) as ChangeableManifest)));
  await client.getBlockBlobClient(`${name}.transfer.json`).uploadData(changed);
}

/** The part of a manifest that an attacker changes. */
export interface ChangeableManifest {
  readonly transferName: string;
  readonly batches: readonly { readonly blob: { readonly name: string } }[];
}

/** Replaces the blob by other content, and size and MD5 in the manifest accordingly. */
export async function replaceBoth(prey: Prey, content: readonly Packed[]): Promise<void> {
  const blob = await seenBlob(prey, 'target');
  const bytes = await forge(content);
  await prey.grounds.containers.put('target', blob.name, bytes);
  const facts = { size: bytes.length, md5: md5Of(bytes) };
  await changeManifest(prey, (manifest) => ({
    ...manifest,
    batches: manifest.batches.map((batch) => ({ ...batch, blob: { ...batch.blob, ...facts } })),
  }));
}

/**
 * Lets requests wait, and acts meanwhile.
 * @param rule the requests
 * @param start starts the step that makes them
 */
export async function whileHeld(
  { sandbox }: Grounds,
  side: Side,
  rule: Omit<FaultRule, 'fault' | 'times'>,
  start: () => Promise<StepResult>,
  act: () => Promise<unknown>,
): Promise<StepResult> {
  const wait = answer(503, { 'retry-after': '1' });
  await sandbox.addFault(side, { ...rule, times: ALWAYS, fault: wait });
  const ended = new AbortController();
  const step = start().finally(() => {
    ended.abort();
  });
  while (!ended.signal.aborted && (await sandbox.faultsStruck(side)) === 0) await after(50);
  await act();
  await sandbox.clearFaults(side);
  return step;
}

type Options = Partial<Omit<StepOptions, 'folder'>>;

/** The steps of the transfer. */
export const steps = (prey: Prey) => {
  const { grounds, line } = prey;
  const run = (inputs: Inputs, more: Inputs = {}, options: Options = {}): Promise<StepResult> =>
    grounds.step({ ...named(prey), ...inputs, ...more }, options);
  return {
    export: (more?: Inputs) => run({ ...grounds.inputsOf('source'), mode: 'export', artifacts: line }, more),
    handoff: (more?: Inputs) => run({ ...grounds.both, mode: 'handoff' }, more),
    import: (more?: Inputs, options?: Options) => run({ ...grounds.inputsOf('target'), mode: 'import' }, more, options),
    full: (more?: Inputs, options?: Options) => run({ ...grounds.both, artifacts: line }, more, options),
  };
};

/** Exports and hands off. Throws if that fails. */
export async function handOver(prey: Prey): Promise<SeenBlob> {
  for (const step of [await steps(prey).export(), await steps(prey).handoff()]) {
    if (step.exitCode !== 0) throw new Error(step.log);
  }
  return seenBlob(prey, 'target');
}
