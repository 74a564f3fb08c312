import type { Copy, CopyTask } from './copy-task.ts';
import { run } from './spend.ts';

const environment = ({ source, target, sas, caFile, folder }: CopyTask): Record<string, string> => ({
  RCLONE_CONFIG: `${folder}/none.conf`,
  RCLONE_CA_CERT: caFile,
  RCLONE_CONFIG_S_TYPE: 'azureblob',
  RCLONE_CONFIG_S_SAS_URL: `${source}?${sas}`,
  RCLONE_CONFIG_T_TYPE: 'azureblob',
  RCLONE_CONFIG_T_SAS_URL: `${target}?${sas}`,
});

/** The last segment of a container's URI, which rclone needs in addition to the SAS URL. */
const nameOf = (container: string): string => container.slice(container.lastIndexOf('/') + 1);

const remotes = ({ source, target }: CopyTask): readonly [string, string] => [
  `s:${nameOf(source)}`,
  `t:${nameOf(target)}`,
];

const rclone = (task: CopyTask, command: string, flags: readonly string[]): Promise<string> =>
  run('rclone', [command, ...remotes(task), ...flags], { env: environment(task), cwd: task.folder });

/** rclone with its defaults. */
export const rcloneDefault: Copy = async (task) => {
  await rclone(task, 'copy', []);
  return null;
};

/** The flags that its documentation and forum recommend for fast lines: more concurrent files and blocks, larger blocks. */
const FAST = [
  '--transfers',
  '16',
  '--checkers',
  '16',
  '--azureblob-chunk-size',
  '16Mi',
  '--azureblob-upload-concurrency',
  '16',
];

/** rclone with its best flags. */
export const rcloneFast: Copy = async (task) => {
  await rclone(task, 'copy', FAST);
  return null;
};

/** rclone, followed by the check that shows whether the bytes arrived. */
export const rcloneVerified: Copy = async (task) => {
  await rclone(task, 'copy', FAST);
  await rclone(task, 'check', ['--download', '--checkers', '16']);
  return null;
};
