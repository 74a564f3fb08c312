import { join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { permissionsOf } from '../token.ts';
import type { StandIn, StandInStep } from './stand-in.ts';

/** The run of the artifacts. Those of another run need a token that can read them. */
function runOf({ inputs, run }: StandInStep): string {
  const other = inputs['run-id'] ?? '';
  // As in the action, the input has no effect without a token.
  if (other === '' || (inputs['github-token'] ?? '') === '') return run.runId;
  if (other !== run.runId && (permissionsOf(inputs['github-token'] ?? '')?.['actions'] ?? 'none') === 'none') {
    throw new Error(
      'Unable to download artifact(s): Resource not accessible by integration (actions: read is missing)',
    );
  }
  return other;
}

/** actions/download-artifact, version 5 and later: one artifact by name, or several, each in its own folder unless merged. */
export const downloadArtifact: StandIn = {
  inputs: ['name', 'path', 'pattern', 'merge-multiple', 'run-id', 'github-token', 'repository'],
  play: (step) => {
    const { inputs, run, machine, log } = step;
    const runId = runOf(step);
    const target = resolve(machine.workspace, inputs['path'] ?? '.');
    const names = run.artifacts.names(runId);
    const name = inputs['name'] ?? '';
    if (name !== '' && !names.includes(name)) {
      throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
    }
    const matches = picomatch(inputs['pattern'] ?? '*', { dot: true });
    const chosen = name === '' ? names.filter((each) => matches(each)) : [name];
    const flat = name !== '' || inputs['merge-multiple'] === 'true';
    for (const each of chosen) run.artifacts.load(runId, each, flat ? target : join(target, each));
    log(`Total of ${chosen.length} artifact(s) downloaded`);
    return Promise.resolve({ 'download-path': target });
  },
};
