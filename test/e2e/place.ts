/** Where cases run: two sides and a runner, in the sandbox or in real clouds. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { output, ZodType } from 'zod';
import { readDocument, type DocumentType } from '../../src/transfer/documents/codec.ts';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import type { Side } from '../../src/transfer/model/side.ts';
import { image, type Artifact, type PushClient, type Subject } from '../sandbox/content/index.ts';
import { runStep, type Inputs, type StepOptions, type StepResult } from './runner.ts';

/** Steps of the built action, each in its own folder. */
interface Steps {
  readonly step: (inputs: Inputs, options?: Partial<Omit<StepOptions, 'folder'>>) => Promise<StepResult>;
  /** A folder that steps share, as jobs share artifacts. */
  readonly workspace: string;
}

/** Content of the registries, read and changed by another client than the action. */
interface Content {
  /** Pushes artifacts to a registry and resolves to the lines that select them. */
  readonly push: (side: Side, repository: string, artifacts: Readonly<Record<string, Artifact>>) => Promise<string[]>;
  /**
   * Pushes what refers to something that is there; resolves to its digest.
   * @param reference tag or digest of the subject
   * @param make `sbom`, `signature`, …
   */
  readonly attach: (
    side: Side,
    repository: string,
    reference: string,
    make: (subject: Subject) => Artifact,
  ) => Promise<string>;
  /** The digest of the bytes that are served under a tag or digest; null when there is nothing. */
  readonly digest: (side: Side, repository: string, reference: string) => Promise<string | null>;
}

/** Two sides, and a runner beside them. */
export interface Place extends Steps, Content {
  /** Repository and transfer of a case. No other case uses them. */
  readonly named: (name: string) => { readonly repository: string; readonly transfer: string };
  /** The inputs of a step that sees one side. */
  readonly inputsOf: (side: Side) => Inputs;
  /** The inputs of a step that sees both sides. */
  readonly both: Inputs;
  /** Names of all blobs in the container of a side. */
  readonly blobs: (side: Side) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** What every step of a place has. */
export interface StepSurroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: () => Promise<readonly string[]>;
  /** Told of every step when it has ended. */
  readonly onEnded?: (result: StepResult, folder: string) => void;
}

/**
 * Runs steps below a folder.
 * @param folder unused by others
 */
export function openSteps(folder: string, { env, secrets, onEnded }: StepSurroundings): Steps {
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  let steps = 0;
  return {
    workspace,
    step: async (inputs, options = {}) => {
      steps += 1;
      const own = join(folder, `step-${steps}`);
      const result = await runStep(inputs, {
        runId: String(1000 + steps),
        workspace,
        secrets,
        ...options,
        folder: own,
        env: { ...env, ...options.env },
      });
      onEnded?.(result, own);
      return result;
    },
  };
}

/**
 * Content of two registries.
 * @param open signs in; each client is closed after its work
 */
export function openContent(open: (side: Side) => Promise<PushClient>): Content {
  const using = async <Result>(side: Side, work: (client: PushClient) => Promise<Result>): Promise<Result> => {
    const client = await open(side);
    try {
      return await work(client);
    } finally {
      client.close();
    }
  };
  return {
    push: (side, repository, artifacts) =>
      using(side, async (client) => {
        const entries = Object.entries(artifacts);
        await Promise.all(entries.map(([tag, artifact]) => client.push(repository, artifact, tag)));
        return entries.map(([tag]) => `${repository}:${tag}`);
      }),
    attach: (side, repository, reference, make) =>
      using(side, async (client) => (await client.attach(repository, reference, make)).digest),
    digest: (side, repository, reference) => using(side, (client) => client.digest(repository, reference)),
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

/** How the first blob of a step was copied. */
export const methodOf = (result: StepResult): string | undefined =>
  documentAt(REPORT, result.outputs['report']).batches[0]?.handoff?.method;
