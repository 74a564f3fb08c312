/** Installs a clean clone as a newcomer does: what does `npm ci` print, and how much does it take? */
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** node_modules took 935 MB before the heavy tools got folders of their own. */
const MAX_MEGABYTES = 450;
const BLOCK_BYTES = 512;
const MEBIBYTE = 1024 * 1024;

/** What an installation of a clean clone printed and took. */
export interface InstallFigures {
  /** The Node that ran npm. */
  readonly machineNode: string;
  readonly exitCode: number | null;
  readonly packages: number;
  /** Lines about Node. */
  readonly nodeLines: readonly string[];
  /** Lines that are neither about Node nor npm's own report. */
  readonly otherLines: readonly string[];
  /** node_modules on disk, MiB. */
  readonly megabytes: number;
  readonly seconds: number;
}

/** npm announces scripts (`> acr-transfer@1.0.0 postinstall`), and says at the end how many packages it added. */
const REPORT = /^(?:> .*|added (?<packages>\d+) packages in .*)$/;

/** Sorts the output of `npm ci`. */
export function sortOutput(output: string): Pick<InstallFigures, 'packages' | 'nodeLines' | 'otherLines'> {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const rest = lines.filter((line) => !REPORT.test(line));
  const added = lines.map((line) => REPORT.exec(line)?.groups?.['packages']).find((count) => count !== undefined);
  return {
    packages: Number(added ?? Number.NaN),
    nodeLines: rest.filter((line) => /\bnode\b/i.test(line)),
    otherLines: rest.filter((line) => !/\bnode\b/i.test(line)),
  };
}

/** Requires what CONTRIBUTING.md promises: at most one sentence about Node, no warnings, and a small folder. */
export function judgeInstall(figures: InstallFigures): readonly string[] {
  const { exitCode, packages, nodeLines, otherLines, megabytes } = figures;
  return [
    ...(exitCode === 0 ? [] : [`npm ci ended with ${exitCode}`]),
    ...(packages > 0 ? [] : ['npm ci did not say how many packages it added']),
    ...(nodeLines.length <= 1 ? [] : [`npm ci printed ${nodeLines.length} lines about Node`]),
    ...otherLines.map((line) => `npm ci printed: ${line}`),
    ...(megabytes > 0 && megabytes <= MAX_MEGABYTES
      ? []
      : [`node_modules takes ${megabytes} MiB, and at most ${MAX_MEGABYTES} are allowed`]),
  ];
}

/** The environment of a shell: npm scripts run with node_modules/.bin on PATH, and with npm's own settings. */
function shellEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'NODE');
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !/[\\/]node_modules[\\/]/.test(folder));
  return { ...Object.fromEntries(kept), PATH: folders.join(delimiter) };
}

const bytesOf = (path: string): number => {
  const { blocks } = lstatSync(path);
  return blocks * BLOCK_BYTES;
};

const megabytesOf = (folder: string): number =>
  Math.round(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
      (sum, name) => sum + bytesOf(join(folder, name)),
      0,
    ) / MEBIBYTE,
  );

/** `npm run show -- install`: needs the registry, so it isn't part of `npm test`. Installs what is committed. */
export function showInstall(): InstallFigures {
  const folder = mkdtempSync(join(tmpdir(), 'install-'));
  try {
    execFileSync('git', ['clone', '--quiet', ROOT, folder]);
    const env = shellEnvironment();
    const since = performance.now();
    const { status, stdout, stderr } = spawnSync('npm', ['ci'], { cwd: folder, env, encoding: 'utf8' });
    const seconds = Math.round((performance.now() - since) / 1000);
    return {
      machineNode: execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim(),
      exitCode: status,
      ...sortOutput(`${stdout}\n${stderr}`),
      megabytes: status === 0 ? megabytesOf(join(folder, 'node_modules')) : 0,
      seconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
