import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import type { FaultRule } from '../../sandbox/fault-rule.ts';
import { answer } from '../faults/kind.ts';
import type { HandoffScene } from '../handoff.fixture.ts';
import type { Inputs, StepOptions } from '../runner.ts';

/** A step that fails with certain errors. */
export interface ErrorCase {
  readonly name: string;
  /** All IDs that the step shows. */
  readonly ids: readonly TransferErrorId[];
  /** Prepares the clouds. Faults, settings and roles are restored afterwards. */
  readonly arrange?: (scene: HandoffScene) => Promise<unknown>;
  readonly inputs: (scene: HandoffScene) => Inputs | Promise<Inputs>;
  readonly options?: (scene: HandoffScene) => Partial<Omit<StepOptions, 'folder'>>;
}

/** The environment of a step whose waits take no time (see preload.ts). */
export const FAST: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'preload.ts')).href}`,
};

/** A response in JSON. */
export const jsonAnswer = (status: number, body: unknown): FaultRule['fault'] =>
  answer(status, { 'content-type': 'application/json' }, JSON.stringify(body));

/** An error of Azure Resource Manager. */
export const armError = (status: number, code: string, message: string): FaultRule['fault'] =>
  jsonAnswer(status, { error: { code, message } });
