import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Folders, lowest layer first. Those of one layer don't import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['transfer/errors'],
  ['transfer/model'],
  ['transfer/ports'],
  ['transfer/resilience'],
  ['transfer/documents', 'transfer/selection'],
  ['transfer/pipelines'],
  ['transfer/preflight', 'transfer/plan', 'transfer/handoff', 'transfer/cleanup'],
  ['transfer/verification'],
  ['transfer/execution'],
  ['transfer/modes'],
  ['transfer'],
];

/** Parts of `plan` that only `plan` imports. */
const PARTS_OF_PLAN = ['transfer/plan/baseline', 'transfer/plan/batching'];

const BELOW_PLAN = LAYERS.slice(
  0,
  LAYERS.findIndex((layer) => layer.includes('transfer/plan')),
).flat();

const DOMAIN = [...LAYERS.flat(), ...PARTS_OF_PLAN];
const PORTS = ['transfer/errors', 'transfer/model', 'transfer/ports'];
const SHARED = [...PORTS, 'transfer/resilience'];

/** Layers of one part of src/, on top of what all of them are allowed to import. */
const stacked = (
  layers: readonly (readonly string[])[],
  base: readonly string[],
): readonly (readonly [string, readonly string[]])[] =>
  layers.flatMap((layer, index) =>
    layer.map((folder) => [folder, [...base, ...layers.slice(0, index).flat()]] as const),
  );

/** What the files of each folder are allowed to import besides their own folder. */
const ALLOWED: readonly (readonly [folder: string, allowed: readonly string[]])[] = [
  ...stacked(LAYERS, []).map(
    ([folder, allowed]) => [folder, folder === 'transfer/plan' ? [...allowed, ...PARTS_OF_PLAN] : allowed] as const,
  ),
  ...PARTS_OF_PLAN.map((folder) => [folder, BELOW_PLAN] as const),
  ['provisioning', [...PORTS, 'transfer/resilience', 'transfer/pipelines', 'transfer/cleanup']],
  ...stacked(
    [['action/text'], ['action/runner'], ['action/inputs', 'action/progress', 'action/report', 'action/github']],
    [...SHARED, 'transfer/documents', 'transfer/selection', 'transfer/pipelines', 'provisioning'],
  ),
  ...stacked(
    [
      ['azure/http'],
      ['azure/cloud'],
      ['azure/identity'],
      ['azure/arm', 'azure/registry', 'azure/storage'],
      ['azure/key-vault'],
      ['azure/access'],
      ['azure'],
      ['azure/provisioning'],
    ],
    [...SHARED, 'provisioning'],
  ),
  ['filesystem', PORTS],
  ['hashing', ['transfer/ports']],
];

/** Entry points of a folder that their importers load late: the rest of the folder must not come with them at the start. */
const LATE_ENTRIES = ['src/provisioning/run.ts'];

const escaped = (path: string): string => path.replaceAll(/[.$]/g, '\\$&');
/** Files of a folder itself, not of folders below it that have rules of their own. */
const own = (folder: string): string => {
  const nested = ALLOWED.map(([other]) => other).filter((other) => other.startsWith(`${folder}/`));
  const except = nested.map((other) => `(?!${other.slice(folder.length + 1)}/)`).join('');
  return `^src/${folder}/${except}`;
};

const layerRules: readonly IForbiddenRuleType[] = ALLOWED.map(([folder, allowed]) => ({
  name: `layer of ${folder}`,
  severity: 'error',
  comment: allowed.length === 0 ? 'It imports no other folder.' : `It imports only ${allowed.join(', ')}.`,
  from: { path: own(folder) },
  to: {
    path: '^src/',
    pathNot: [folder, ...allowed].map(own),
  },
}));

const packageRule = (scope: string, folder: string): IForbiddenRuleType => ({
  name: `${scope} only in ${folder}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: [`node_modules/${scope}/`, `^${scope}/`] },
});

const doorRule = (folder: string): IForbiddenRuleType => ({
  name: `entry point of ${folder}`,
  severity: 'error',
  comment: `Import from ${folder}/index.ts.`,
  from: { path: '^src/', pathNot: `^${escaped(folder)}/` },
  to: {
    path: `^${escaped(folder)}/`,
    pathNot: [`^${escaped(folder)}/index\\.ts$`, ...LATE_ENTRIES.map((path) => `^${escaped(path)}$`)],
  },
});

/** Every folder of src/ that the layers know. */
export const KNOWN_FOLDERS: readonly string[] = ALLOWED.map(([folder]) => `src/${folder}`);

/**
 * The rules of imports within src/: layers, entry points, cycles, and which folder uses which SDK. Tests are exempt.
 *
 * These folders have no index.ts: `model`, `ports`, `resilience` and `text` hide nothing; of `pipelines`, `cleanup`, `modes`,
 * `plan/baseline`, `runner`, `cloud` and `identity`, nearly every file is imported from outside, or there is only one.
 * @param doors folders with an index.ts, from the root of the repository
 */
export const importRules = (doors: readonly string[]): IForbiddenRuleType[] => [
  {
    name: 'no cycle',
    severity: 'error',
    comment: 'Types count too.',
    from: { path: '^src/' },
    to: { circular: true },
  },
  ...layerRules,
  ...doors.map(doorRule),
  {
    name: 'entry files',
    severity: 'error',
    comment: 'They load the domain and the services by run.ts and connect.ts.',
    from: { path: '^src/[^/]+$' },
    to: {
      path: DOMAIN.filter((folder) => folder !== 'transfer').map(own),
      pathNot: [...PORTS, 'transfer/pipelines'].map(own),
    },
  },
  { name: 'src/ alone', severity: 'error', from: { path: '^src/' }, to: { path: '^(?:test|scripts)/' } },
  packageRule('@actions', 'action'),
  packageRule('@azure', 'azure'),
  packageRule('@azure-rest', 'azure'),
];
