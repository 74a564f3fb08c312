/** Two clouds, a repository, and the samples of `examples/` in that repository. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';
import { openScene, smallImage, type Scene } from '../../e2e/scene.ts';
import { openBench } from '../fixture.ts';
import { openGitHub, writeProgram, type PlayedGitHub } from '../played/github.ts';
import type { RunResult } from '../result.ts';
import { runWorkflow } from '../run-workflow.ts';
import type { Named, RunOptions } from '../run.ts';
import { sandboxOptions, signInVariables, TRUSTED } from '../sandbox.ts';
import { recordRun } from './record.ts';

/** The place in which samples run. */
export interface Stage {
  readonly scene: Scene;
  readonly github: PlayedGitHub;
  /** A folder for the files of a test. */
  readonly folder: string;
  /** Writes a file of the repository. */
  readonly commit: (path: string, text: string) => void;
  /** Pushes a small image to the source. Resolves to the line that selects it. */
  readonly push: (repository: string, tag: string) => Promise<string>;
  /** References that the target has imported, without those of the first transfers. */
  readonly imported: (since?: number) => Promise<readonly string[]>;
  /**
   * Runs a sample, `release.yml`.
   * @param edit changes the sample
   */
  readonly run: (sample: string, options?: Partial<RunOptions>, edit?: (text: string) => string) => Promise<RunResult>;
  /** Runs another workflow of the repository. */
  readonly runText: (name: string, text: string, options?: Partial<RunOptions>) => Promise<RunResult>;
  readonly close: () => Promise<void>;
}

/** The variables that the samples list under "Create first". */
function variables({ clouds }: Scene): Named {
  const { source, target } = clouds;
  return {
    ...signInVariables(clouds),
    SOURCE_REGISTRY: source.registry.loginServer,
    EXPORT_PIPELINE: source.pipelines.managedIdentity,
    IMPORT_PIPELINE: target.pipelines.managedIdentity,
    SOURCE_CONTAINER: source.storage.containerUri,
    TARGET_CONTAINER: target.storage.containerUri,
  };
}

/** Programs of hosted runners that this machine can lack. */
function writePrograms(path: string, scene: Scene): void {
  const node = `exec '${process.execPath}' --disable-warning=ExperimentalWarning`;
  writeProgram(path, 'azcopy', `${node} '${join(import.meta.dirname, '..', 'played', 'azcopy.ts')}' "$@"`);
  const config = JSON.stringify({ auths: { [scene.clouds.source.registry.loginServer]: {} } });
  writeProgram(
    path,
    'az',
    `test "$1 $2" = 'acr login' || { echo "this az is played, and does not know: $*" >&2; exit 1; }
mkdir -p "$HOME/.docker"
echo '${config}' > "$HOME/.docker/config.json"`,
  );
}

/**
 * Opens a stage.
 * @param empty both clouds have no pipelines yet
 */
export async function openStage(empty = false): Promise<Stage> {
  const bench = openBench();
  const scene = await openScene({}, empty, TRUSTED);
  const github = openGitHub(join(bench.folder, 'github'));
  const checkout = join(bench.folder, 'repository');
  mkdirSync(checkout);
  writePrograms(github.path, scene);
  let runs = 0;
  const runText: Stage['runText'] = async (name, text, options = {}) => {
    runs += 1;
    const file = { path: `.github/workflows/${basename(name, '.yml')}.yml`, text };
    const since = performance.now();
    const result = await runWorkflow(file, {
      folder: bench.folder,
      runId: String(7000 + runs),
      checkout,
      path: [github.path],
      payload: { repository: { name: 'shop' } },
      ...sandboxOptions(scene.clouds, ['azureusgovernment', 'azurechinacloud']),
      ...options,
      vars: { ...variables(scene), ...options.vars },
    });
    recordRun(expect.getState().currentTestName ?? '', name, result, (performance.now() - since) / 1000);
    return result;
  };
  return {
    scene,
    github,
    folder: bench.folder,
    commit: (path, text) => {
      writeFileSync(join(checkout, path), text);
    },
    push: async (repository, tag) => {
      await scene.push('source', repository, { [tag]: await smallImage(`${repository}:${tag}`) });
      return `${repository}:${tag}`;
    },
    imported: async (since = 0) =>
      (await scene.sandbox.transfers('target')).slice(since).flatMap(({ artifacts }) => artifacts),
    run: (sample, options, edit = (text) => text) =>
      runText(sample, edit(readFileSync(join(ROOT, 'examples', sample), 'utf8')), options),
    runText,
    close: async () => {
      await scene.close();
      bench.close();
    },
  };
}
