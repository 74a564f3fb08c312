import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Carry, Crossing } from './crossing.ts';
import { run } from './spend.ts';

const COMMON = ['--check-version=false', '--output-level=essential'];

const environment = ({ caFile, folder }: Crossing): Record<string, string> => ({
  SSL_CERT_FILE: caFile,
  AZCOPY_LOG_LOCATION: folder,
  AZCOPY_JOB_PLAN_LOCATION: folder,
  AZCOPY_DISABLE_SYSLOG: 'true',
});

const only = ({ workload }: Crossing): string => {
  const [blob] = workload.blobs;
  if (blob === undefined || workload.blobs.length > 1) throw new Error('a pipe carries one blob');
  return blob.name;
};

/** Standard output of one azcopy into standard input of another: only for a single blob. */
export const azcopyPipe =
  (program: string): Carry =>
  async (crossing) => {
    const name = only(crossing);
    const { source, target, sas, folder } = crossing;
    const copy = (url: string, direction: string): string =>
      `"$AZCOPY" copy "${url}/${name}?${sas}" --from-to ${direction} ${COMMON.join(' ')}`;
    const script = `set -o pipefail; ${copy(source, 'BlobPipe')} </dev/null | ${copy(target, 'PipeBlob')}`;
    await run('bash', ['-c', script], { env: { ...environment(crossing), AZCOPY: program }, cwd: folder });
    return null;
  };

/** Down into a folder, which is in memory where the bench can have it, and up from there. */
export const azcopyDownUp =
  (program: string): Carry =>
  async (crossing) => {
    const { source, target, sas } = crossing;
    const options = { env: environment(crossing), cwd: crossing.folder };
    const media = join(crossing.folder, 'media');
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

/** From service to service. */
export const azcopyServer =
  (program: string): Carry =>
  async (crossing) => {
    const { source, target, sas, folder } = crossing;
    const args = ['copy', `${source}/*?${sas}`, `${target}?${sas}`, '--recursive', '--from-to', 'BlobBlob'];
    await run(program, [...args, '--s2s-preserve-access-tier=false', ...COMMON], {
      env: environment(crossing),
      cwd: folder,
    });
    return null;
  };
