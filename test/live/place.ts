/** Real clouds as a place for cases. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../src/transfer/model/side.ts';
import type { BlobContainer } from '../../src/transfer/ports/blob-container.ts';
import type { PipelineRun } from '../../src/transfer/ports/pipelines.ts';
import { withoutMasks } from '../e2e/leaks.ts';
import { openContent, openSteps, type Place } from '../e2e/place.ts';
import type { StepResult } from '../e2e/runner.ts';
import { addCounts, countLists, listText, type ListCount } from './imported-lists.ts';
import { removeMade } from './leftovers.ts';
import type { LiveSettings } from './settings.ts';
import { signIn } from './sign-in.ts';
import { secretsIn, stepEnvironment } from './step-environment.ts';

const SIDES = ['source', 'target'] as const;

/** Real clouds, and a runner. */
export interface LivePlace extends Place {
  readonly containers: Readonly<Record<Side, BlobContainer>>;
  /** A pipeline run by its name; null if it doesn't exist. */
  readonly run: (side: Side, name: string) => Promise<PipelineRun | null>;
}

/** The pipeline runs of a side in the log of a step. A killed step leaves only its log. */
function runNames({ log }: StepResult, side: Side): readonly string[] {
  const kind = side === 'source' ? 'export' : 'import';
  return [...log.matchAll(new RegExp(`\\b${kind}[\\da-f]{32}\\b`, 'g'))].map(([name]) => name);
}

/** Unique prefix of repositories, blobs and transfers. Registries require lower case. */
const newMark = (): string => `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;

/**
 * Signs in on both sides.
 * @throws if both pipelines have the same container, because nothing would be handed off
 */
export async function openLivePlace(settings: LiveSettings): Promise<LivePlace> {
  const { sides, prefix, folder: kept } = settings;
  const [source, target] = await Promise.all([signIn('source', sides.source), signIn('target', sides.target)]);
  if (source.containerUri === target.containerUri) {
    throw new Error(`both pipelines use ${source.containerUri}: each needs a container of its own`);
  }
  const signedIn = { source, target };
  const containers = {
    source: await source.services.container(source.containerUri),
    target: await target.services.container(target.containerUri),
  };
  const mark = newMark();
  const named: Place['named'] = (name) => ({
    repository: `${prefix}/${mark}/${name}`,
    transfer: `live-${mark}-${name.replaceAll('/', '-')}`,
  });
  const repositories = new Set<string>();
  const runs = { source: new Set<string>(), target: new Set<string>() };
  let lists: ListCount = { imports: 0, complete: 0 };
  const folder = kept === null ? mkdtempSync(join(tmpdir(), 'acr-transfer-live-')) : join(kept, mark);
  const content = openContent((side) => Promise.resolve(signedIn[side].content()));
  const steps = openSteps(folder, {
    env: stepEnvironment(process.env, settings.signIn),
    secrets: () => Promise.resolve(secretsIn(settings, process.env)),
    onEnded: (result, own) => {
      // The lines with masks are only for the runner.
      writeFileSync(join(own, 'step.log'), withoutMasks(result.log));
      for (const side of SIDES) for (const run of runNames(result, side)) runs[side].add(run);
      lists = addCounts(lists, countLists(result.log));
    },
  });
  const removeAll = async (side: Side): Promise<readonly string[]> => {
    const { services, content: client } = signedIn[side];
    const { pipeline } = sides[side];
    const archive = await services.archive(pipeline);
    const made = { repositories, runs: runs[side], blobs: `live-${mark}-` };
    return removeMade(made, { pipeline, content: client, container: containers[side], archive });
  };
  return {
    ...steps,
    ...content,
    push: (side, repository, artifacts) => {
      repositories.add(repository);
      return content.push(side, repository, artifacts);
    },
    named,
    containers,
    inputsOf: (side) => sides[side].inputs,
    both: { mode: 'full', ...sides.source.inputs, ...sides.target.inputs },
    blobs: (side) => containers[side].list(''),
    run: async (side, name) => (await signedIn[side].services.runs(sides[side].pipeline)).find(name),
    close: async () => {
      const lines = [...(await removeAll('source')), ...(await removeAll('target'))];
      for (const line of lines) process.stderr.write(`the live suite leaves something behind: ${line}\n`);
      process.stderr.write(`${listText(lists)}\n`);
      if (kept === null) rmSync(folder, { recursive: true, force: true });
    },
  };
}
