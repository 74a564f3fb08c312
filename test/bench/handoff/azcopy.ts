import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy, CopyTask } from './copy-task.ts';
import { run } from './spend.ts';

const COMMON = ['--check-version=false', '--output-level=essential'];

const environment = ({ caFile, folder }: CopyTask): Record<string, string> => ({
  SSL_CERT_FILE: caFile,
  AZCOPY_LOG_LOCATION: folder,
  AZCOPY_JOB_PLAN_LOCATION: folder,
  AZCOPY_DISABLE_SYSLOG: 'true',
});

const only = ({ workload }: CopyTask): string => {
  const [blob] = workload.blobs;
  if (blob === undefined || workload.blobs.length > 1) throw new Error('a pipe can copy only one blob');
  return blob.name;
};

/** Pipes the standard output of one azcopy to the standard input of another. Only for a single blob. */
export const azcopyPipe =
  (program: string): Copy =>
  async (task) => {
    const name = only(task);
    const { source, target, sas, folder } = task;
    const copy = (url: string, direction: string): string =>
      `"$AZCOPY" copy "${url}/${name}?${sas}" --from-to ${direction} ${COMMON.join(' ')}`;
    const script = `set -o pipefail; ${copy(source, 'BlobPipe')} </dev/null | ${copy(target, 'PipeBlob')}`;
    await run('bash', ['-c', script], { env: { ...environment(task), AZCOPY: program }, cwd: folder });
    return null;
  };

/** Downloads to a folder, in memory if possible, and uploads from there. */
export const azcopyDownUp =
  (program: string): Copy =>
  async (task) => {
    const { source, target, sas } = task;
    const options = { env: environment(task), cwd: task.folder };
    const media = join(task.folder, 'media');
    mkdirSync(media);
    await run(
      program,
      ['copy', `${source}/*?${sas}`, media, '--recursive', '--from-to', 'BlobLocal', ...COMMON],
      options,
    );
    const up = ['--recursive', '--from-to', 'LocalBlob', '--put-md5', ...COMMON];
    await run(program, ['copy', `${media}/*`, `${target}?${sas}`, ...up], options);
    return null;
  };

/** Copies from service to service. */
export const azcopyServer =
  (program: string): Copy =>
  async (task) => {
    const { source, target, sas, folder } = task;
    const args = ['copy', `${source}/*?${sas}`, `${target}?${sas}`, '--recursive', '--from-to', 'BlobBlob'];
    await run(program, [...args, '--s2s-preserve-access-tier=false', ...COMMON], {
      env: environment(task),
      cwd: folder,
    });
    return null;
  };
