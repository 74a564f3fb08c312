import { cpSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StandIn } from './stand-in.ts';

/** actions/checkout: copies the folder of the test for each ref. */
export const checkout: StandIn = {
  inputs: [
    'ref',
    'path',
    'persist-credentials',
    'fetch-depth',
    'fetch-tags',
    'sparse-checkout',
    'sparse-checkout-cone-mode',
    'show-progress',
  ],
  play: ({ inputs, run, machine, permissions }) => {
    // GitHub reports a private repository as missing to a token that can't read it.
    if (permissions['contents'] === undefined || permissions['contents'] === 'none') {
      throw new Error(
        `fatal: repository 'https://github.com/${run.repository}/' not found (contents: read is missing)`,
      );
    }
    const target = resolve(machine.workspace, inputs['path'] ?? '.');
    mkdirSync(target, { recursive: true });
    if (run.options.checkout !== undefined) cpSync(run.options.checkout, target, { recursive: true });
    if (target === machine.workspace) machine.checkedOut.add(run.repository);
    return Promise.resolve(undefined);
  },
};
