import { foundFiles } from './found-files.ts';
import { linesOf, required, type StandIn } from './stand-in.ts';

/** actions/upload-artifact, version 4 and later: an artifact is written once in each attempt of a run. */
export const uploadArtifact: StandIn = {
  inputs: [
    'name',
    'path',
    'if-no-files-found',
    'retention-days',
    'compression-level',
    'overwrite',
    'include-hidden-files',
  ],
  play: (step) => {
    const { inputs, run, machine, log } = step;
    const patterns = linesOf(required(step, 'path'));
    const files = foundFiles(patterns, machine.workspace, inputs['include-hidden-files'] === 'true');
    if (files.length === 0) {
      const message = `No files were found with the provided path: ${patterns.join('\n')}. No artifacts will be uploaded.`;
      const then = inputs['if-no-files-found'] ?? 'warn';
      if (then === 'error') throw new Error(message);
      log(then === 'warn' ? `##[warning]${message}` : message);
      return Promise.resolve(undefined);
    }
    const name = inputs['name'] ?? 'artifact';
    const id = run.artifacts.save(name, files, inputs['overwrite'] === 'true');
    log(`Artifact ${name} has been successfully uploaded! ${files.length} files`);
    const url = `https://github.com/${run.repository}/actions/runs/${run.runId}/artifacts/${id}`;
    return Promise.resolve({ 'artifact-id': String(id), 'artifact-url': url });
  },
};
