/** Transfers in which nothing is wrong. None of them must raise an alarm. */
import { setTimeout as after } from 'node:timers/promises';
import { REPORT } from '../../../src/transfer/documents/report-schema.ts';
import { LIST_FORMS } from '../../sandbox/list-forms.ts';
import { multiArchImage, sbom } from '../../sandbox/content/index.ts';
import type { SettingsPatch } from '../../sandbox/settings.ts';
import { askArm } from '../diagnosis/ask-arm.ts';
import type { Inputs, StepResult } from '../runner.ts';
import { documentAt, shownIds, smallImage } from '../scene.ts';
import type { Grounds } from './grounds.ts';

/** One legitimate transfer. */
export interface Legitimate {
  readonly name: string;
  /** Its steps. Names and repositories that contain the id are its own. */
  readonly run: (grounds: Grounds, id: string) => Promise<readonly StepResult[]>;
}

type Run = Legitimate['run'];

const full = (grounds: Grounds, id: string, lines: readonly string[], more: Inputs = {}): Inputs => ({
  ...grounds.both,
  artifacts: lines.join('\n'),
  'transfer-name': `good-${id}`,
  ...more,
});

const pushOne = async ({ push }: Grounds, id: string, seed = id): Promise<string[]> =>
  push('source', `good/${id}`, { v1: await smallImage(`good ${seed}`) });

/** With settings of the target that are put back afterwards. */
const withRuns =
  (runs: NonNullable<SettingsPatch['runs']>, run: Run): Run =>
  async (grounds, id) => {
    await grounds.sandbox.settings('target', { runs });
    try {
      return await run(grounds, id);
    } finally {
      await grounds.sandbox.settings('target', { runs: { importedArtifacts: 'references', seconds: [0] } });
    }
  };

const plain: Run = async (grounds, id) => [await grounds.step(full(grounds, id, await pushOne(grounds, id)))];

/** An index with children, and an image with a signature and an SBOM. */
const rich: Run = async (grounds, id) => {
  const repository = `good/${id}`;
  const lines = await grounds.push('source', repository, {
    latest: await multiArchImage({ seed: id }),
    v1: await smallImage(`rich ${id}`),
  });
  await grounds.sign('source', repository, ['v1', 'latest']);
  await grounds.attach('source', repository, 'v1', (subject) => sbom(subject, id));
  return [await grounds.step(full(grounds, id, lines))];
};

const apart: Run = async (grounds, id) => {
  const named = { 'transfer-name': `good-${id}` };
  const lines = await pushOne(grounds, id);
  return [
    await grounds.step({ ...grounds.inputsOf('source'), ...named, mode: 'export', artifacts: lines.join('\n') }),
    await grounds.step({ ...grounds.both, ...named, mode: 'handoff' }),
    await grounds.step({ ...grounds.both, ...named, mode: 'handoff' }),
    await grounds.step({ ...grounds.inputsOf('target'), ...named, mode: 'import' }),
  ];
};

const byBlobs: Run = async (grounds, id) => {
  const lines = await pushOne(grounds, id);
  const exported = await grounds.step({
    ...grounds.inputsOf('source'),
    mode: 'export',
    artifacts: lines.join('\n'),
    'transfer-name': `good-${id}`,
  });
  const blobs = exported.outputs['blobs'] ?? '';
  return [
    exported,
    await grounds.step({ ...grounds.both, mode: 'handoff', blobs }),
    await grounds.step({ ...grounds.inputsOf('target'), mode: 'import', blobs }),
  ];
};

const again: Run = async (grounds, id) => {
  const inputs = full(grounds, id, await pushOne(grounds, id));
  return [await grounds.step(inputs), await grounds.step(inputs)];
};

/** A step that is lost during its import, and the next attempt. */
const resumed: Run = withRuns({ seconds: [3] }, async (grounds, id) => {
  const inputs = full(grounds, id, await pushOne(grounds, id));
  const lost = new AbortController();
  await grounds.step(inputs, {
    killed: lost.signal,
    onLine: (line) => {
      if (line.includes('import →'))
        setTimeout(() => {
          lost.abort();
        }, 1000);
    },
  });
  return [await grounds.step(inputs)];
});

/** A tag that moves between two transfers, and is moved at the target too. */
const moved: Run = async (grounds, id) => {
  const first = await grounds.step(full(grounds, id, await pushOne(grounds, id)));
  const lines = await pushOne(grounds, id, `${id} moved`);
  return [first, await grounds.step(full(grounds, id, lines, { 'transfer-name': `good-${id}-moved` }))];
};

/** Another client pushes to the target while the import runs. */
const beside = (repositoryOf: (id: string) => string): Run =>
  withRuns({ seconds: [2] }, async (grounds, id) => {
    const lines = await pushOne(grounds, id);
    const others = await smallImage(`others ${id}`);
    const ended = new AbortController();
    const pushing = (async () => {
      for (let count = 0; !ended.signal.aborted && count < 20; count += 1) {
        await grounds.push('target', repositoryOf(id), { [`theirs-${count}`]: others });
        await after(300);
      }
    })();
    const result = await grounds.step(full(grounds, id, lines));
    ended.abort();
    await pushing;
    return [result];
  });

/** Steps at the same time, each with an artifact of one repository. */
const together =
  (count: number): Run =>
  async (grounds, id) => {
    const images = await Promise.all(
      Array.from({ length: count }, async (_, index) => [`v${index}`, await smallImage(`${id} ${index}`)] as const),
    );
    const lines = await grounds.push('source', `good/${id}`, Object.fromEntries(images));
    return Promise.all(
      lines.map((line, index) => grounds.step(full(grounds, id, [line], { 'transfer-name': `good-${id}-${index}` }))),
    );
  };

interface PipelineBody {
  readonly identity: { readonly type: string };
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A pipeline that deletes the blobs that it has imported. */
const deleting: Run = async (grounds, id) => {
  const pipeline = grounds.clouds.target.pipelines.managedIdentity;
  const { identity, properties } = (await askArm(grounds, 'target', 'GET', pipeline)) as PipelineBody;
  const put = (options: readonly string[]): Promise<unknown> =>
    askArm(grounds, 'target', 'PUT', pipeline, {
      identity: { type: identity.type },
      properties: { ...properties, options },
    });
  await put(['OverwriteTags', 'DeleteSourceBlobOnSuccess']);
  try {
    return await again(grounds, id);
  } finally {
    await put(['OverwriteTags']);
  }
};

const triggered: Run = async (grounds, id) => {
  const named = { 'transfer-name': `good-${id}` };
  const lines = await pushOne(grounds, id);
  await grounds.sandbox.settings('target', { sourceTriggerSeconds: 1 });
  try {
    return [
      await grounds.step({ ...grounds.inputsOf('source'), ...named, mode: 'export', artifacts: lines.join('\n') }),
      await grounds.step({ ...grounds.both, ...named, mode: 'handoff' }),
      await grounds.step({ ...grounds.inputsOf('target'), ...named, mode: 'import', 'import-by': 'trigger' }),
    ];
  } finally {
    await grounds.sandbox.settings('target', { sourceTriggerSeconds: 900 });
  }
};

const parallelBatches: Run = async (grounds, id) => {
  const images = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => [`v${index}`, await smallImage(`${id} ${index}`)] as const),
  );
  const lines = await grounds.push('source', `good/${id}`, Object.fromEntries(images));
  return [await grounds.step(full(grounds, id, lines, { 'max-artifacts-per-run': '1', 'max-parallel-runs': '10' }))];
};

const unverified: Run = async (grounds, id) => [
  await grounds.step(full(grounds, id, await pushOne(grounds, id), { verify: 'false' })),
];

const times = (count: number, name: string, run: Run): readonly Legitimate[] =>
  Array.from({ length: count }, () => ({ name, run }));

/** Sixty legitimate transfers. */
export const LEGITIMATE: readonly Legitimate[] = [
  ...times(4, 'full', plain),
  ...times(4, 'an index, and an image with referrers', rich),
  ...LIST_FORMS.map((form) => ({
    name: `an index and referrers, in a list of the form ${form}`,
    run: withRuns({ importedArtifacts: form }, rich),
  })),
  ...times(3, 'full, with a list that names only digests', withRuns({ importedArtifacts: 'digests' }, plain)),
  ...times(3, 'full, without a list', withRuns({ importedArtifacts: 'absent' }, plain)),
  ...times(4, 'export, two handoffs, and import', apart),
  ...times(2, 'blobs by name', byBlobs),
  ...times(3, 'a second attempt', again),
  ...times(3, 'an attempt after a lost runner', resumed),
  ...times(3, 'a tag that moves between two transfers', moved),
  ...times(
    3,
    'others push to the same repository',
    beside((id) => `good/${id}`),
  ),
  ...times(
    2,
    'others push to another repository',
    beside((id) => `theirs/${id}`),
  ),
  ...times(
    3,
    'others push to the same repository, without a list',
    withRuns(
      { importedArtifacts: 'absent' },
      beside((id) => `good/${id}`),
    ),
  ),
  ...times(1, 'ten steps at the same time', together(10)),
  ...times(1, 'ten steps at the same time, without lists', withRuns({ importedArtifacts: 'null' }, together(10))),
  ...times(2, 'ten runs at the same time', parallelBatches),
  ...times(3, 'a pipeline that deletes imported blobs', deleting),
  ...times(2, 'the source trigger', triggered),
  ...times(2, 'without verification', unverified),
];

/** What is wrong with the steps of a legitimate transfer; empty if nothing is. */
export function alarmsOf(results: readonly StepResult[]): readonly string[] {
  return results.flatMap((result) => {
    const { extra } = documentAt(REPORT, result.outputs['report']);
    return [
      ...shownIds(result),
      ...(result.exitCode === 0 ? [] : [`exit status ${String(result.exitCode)}`]),
      ...extra.map(({ reference }) => `extra: ${reference}`),
    ];
  });
}
