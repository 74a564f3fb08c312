/** Two clouds in memory: registries, containers and pipelines that really move artifacts, and nothing else. */
import { intakeOf } from '../documents/documents.fixture.ts';
import type { TransferEvent } from '../../../../src/transfer/model/events.ts';
import { parsePipelineId, type PipelineId } from '../../../../src/transfer/model/pipeline-id.ts';
import type { FullRequest, Incremental, SideRequest, TransferRequest } from '../../../../src/transfer/model/request.ts';
import type { SelectionLine } from '../../../../src/transfer/model/selection.ts';
import type { Side } from '../../../../src/transfer/model/side.ts';
import type { AccessInspector, NetworkRules, Observation } from '../../../../src/transfer/ports/access-inspector.ts';
import type { LocalFiles, TransferContext } from '../../../../src/transfer/ports/context.ts';
import type { PipelineFacts, RegistryFacts, RunRequest, RunState } from '../../../../src/transfer/ports/pipelines.ts';
import type { SideServices } from '../../../../src/transfer/ports/side-services.ts';
import { parseSelection } from '../../../../src/transfer/selection/parse.ts';
import { fakeClock, unlimited, type FakeClock } from './clock.fixture.ts';
import { exportEngine, importEngine, type ExportWeather } from './engines.fixture.ts';
import { memoryContainer, type MemoryContainer } from './blob-container.fixture.ts';
import { memoryHashing, type MemoryHashing } from './hasher.fixture.ts';
import { memoryRegistry, type MemoryRegistry } from './registry.fixture.ts';
import { memoryRuns, type MemoryRuns } from './pipelines.fixture.ts';

/** One side of a transfer. */
export interface MemorySide {
  readonly registry: MemoryRegistry;
  readonly container: MemoryContainer;
  readonly runs: MemoryRuns;
  readonly services: SideServices;
}

/** Both sides, and the context of a transfer. */
export interface TwoClouds {
  readonly source: MemorySide;
  readonly target: MemorySide;
  readonly clock: FakeClock;
  readonly events: readonly TransferEvent[];
  /** Documents that were written, by name. */
  readonly written: Map<string, string>;
  /** Directories that were opened, by path. */
  readonly directories: ReadonlyMap<string, MemoryContainer>;
  /** What hashes, one for each transfer that hands off. */
  readonly hashings: readonly MemoryHashing[];
  readonly context: TransferContext;
}

/** What differs from a context without errors. */
export interface Weather extends ExportWeather {
  /** Runs before the engine of a side. A returned value is the result of the run. */
  readonly exporting?: (order: RunRequest) => RunState | null;
  readonly importing?: (order: RunRequest) => RunState | null;
  /** Looks at a run before it ends. */
  readonly looks?: number;
  /** The import deletes the blob that it has read. */
  readonly deleteSourceBlob?: boolean;
  readonly services?: Partial<Record<Side, Partial<SideServices>>>;
  readonly files?: Partial<LocalFiles>;
}

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';

/** The pipeline of a side. */
export function pipelineOf(kind: 'export' | 'import'): PipelineId {
  const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/${kind}registry/${kind}Pipelines/${kind}er`;
  const parsed = parsePipelineId(id, kind);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const OPTIONS: readonly string[] = ['OverwriteBlobs', 'OverwriteTags'];

/** A valid pipeline with some changes. */
export const pipelineFacts = (changes: Partial<PipelineFacts> = {}): PipelineFacts => ({
  provisioningState: 'Succeeded',
  containerUri: 'https://own/container',
  principalId: 'identity',
  access: { kind: 'identity' },
  options: OPTIONS,
  sourceTrigger: null,
  ...changes,
});

/** Without network rules. */
export const OPEN: NetworkRules = { publicAccess: true, restricted: false, trustedServices: true };

/** A valid registry with some changes. */
export const registryFacts = (changes: Partial<RegistryFacts> = {}): RegistryFacts => ({
  loginServer: 'source.azurecr.io',
  sku: 'Premium',
  exportsAllowed: true,
  network: OPEN,
  ...changes,
});

const seen = <Value>(value: Value): Promise<Observation<Value>> => Promise.resolve({ ok: true, value });

/** An inspector without findings, with some changes. */
export const healthyInspector = (changes: Partial<AccessInspector> = {}): AccessInspector => ({
  storageAccount: () => seen({ name: 'account', resourceId: '/accounts/account', network: OPEN }),
  blobPermissions: () => seen({ read: true, write: true, delete: true }),
  ownBlobPermissions: () => seen({ read: true, write: true, delete: true }),
  secret: () => seen({ kind: 'missing' }),
  canReadSecret: () => seen(true),
  canStartRuns: () => seen(true),
  ...changes,
});

const servicesOf = (
  side: Omit<MemorySide, 'services'>,
  options: readonly string[],
  changes: Partial<SideServices> = {},
): SideServices => ({
  pipeline: () => Promise.resolve(pipelineFacts({ containerUri: side.container.uri, options })),
  registryFacts: () => Promise.resolve(registryFacts({ loginServer: side.registry.loginServer })),
  registry: () => Promise.resolve(side.registry),
  runs: () => Promise.resolve(side.runs),
  archive: () => Promise.resolve(side.runs.archive),
  container: () => Promise.resolve(side.container),
  identity: () => null,
  portal: () => Promise.resolve('https://portal.azure.com'),
  inspector: () => healthyInspector(),
  ...changes,
});

const memoryFiles = (written: Map<string, string>): LocalFiles => ({
  read: (path) => Promise.resolve(written.get(path) ?? null),
  list: (pattern) => Promise.resolve([...written.keys()].filter((name) => name === pattern)),
  write: (name, text) => {
    written.set(name, text);
    return Promise.resolve(`/documents/${name}`);
  },
});

/** Creates two clouds. */
export function twoClouds(weather: Weather = {}, clock = fakeClock(), signal = unlimited()): TwoClouds {
  const registries = { source: memoryRegistry('source.azurecr.io'), target: memoryRegistry('target.azurecr.us') };
  const containers = {
    source: memoryContainer('https://source/transfer', clock.now),
    target: memoryContainer('https://target/transfer', clock.now),
  };
  const exporter = exportEngine(registries.source, containers.source, weather);
  const importer = importEngine(registries.target, containers.target, weather.deleteSourceBlob ?? false);
  const bare = {
    source: {
      registry: registries.source,
      container: containers.source,
      runs: memoryRuns((order) => weather.exporting?.(order) ?? exporter(order), weather.looks),
    },
    target: {
      registry: registries.target,
      container: containers.target,
      runs: memoryRuns((order) => weather.importing?.(order) ?? importer(order), weather.looks),
    },
  };
  const targetOptions = [...OPTIONS, ...(weather.deleteSourceBlob === true ? ['DeleteSourceBlobOnSuccess'] : [])];
  const sides = {
    source: { ...bare.source, services: servicesOf(bare.source, OPTIONS, weather.services?.source) },
    target: { ...bare.target, services: servicesOf(bare.target, targetOptions, weather.services?.target) },
  };
  const events: TransferEvent[] = [];
  const written = new Map<string, string>();
  const files: LocalFiles = { ...memoryFiles(written), ...weather.files };
  const onEvent = (event: TransferEvent): void => {
    events.push(event);
  };
  const directories = new Map<string, MemoryContainer>();
  const hashings: MemoryHashing[] = [];
  const context: TransferContext = {
    connect: (side) => sides[side].services,
    directory: (path) => {
      const directory = directories.get(path) ?? memoryContainer(path, clock.now);
      directories.set(path, directory);
      return directory;
    },
    hashing: () => {
      const hashing = memoryHashing();
      hashings.push(hashing);
      return hashing;
    },
    files,
    clock,
    onEvent,
    provenance: null,
    signal,
    ending: signal,
  };
  return { ...sides, clock, events, written, directories, hashings, context };
}

const SIDE: SideRequest = {
  cloud: 'azurecloud',
  identity: { kind: 'ambient' },
  allowedHosts: [],
  sas: null,
};

const TERMS = {
  transferName: 'nightly',
  artifactsPerRun: 50,
  parallelRuns: 10,
  failFast: false,
  timeoutMinutes: 60,
  cleanupDays: null,
};

/** Changes of the default request. */
export interface RequestChanges extends Partial<Omit<FullRequest, 'mode'>> {
  readonly incremental?: Incremental;
  readonly includeReferrers?: boolean;
}

/** The lines of a selection, which must be right. */
export function selectionOf(lines: readonly string[]): readonly SelectionLine[] {
  const { lines: selection, problems } = parseSelection(lines.join('\n'));
  if (problems.length > 0) throw new Error(problems.map(({ problem }) => problem).join('; '));
  return selection;
}

/** A request for everything, with these lines as its selection. */
export const fullRequest = (
  lines: readonly string[],
  { incremental = { kind: 'off' }, includeReferrers = true, ...changes }: RequestChanges = {},
): FullRequest => ({
  mode: 'full',
  ...TERMS,
  source: SIDE,
  target: SIDE,
  exportPipeline: pipelineOf('export'),
  importPipeline: pipelineOf('import'),
  sourceContainer: { kind: 'pipeline', pipeline: pipelineOf('export') },
  targetContainer: { kind: 'pipeline', pipeline: pipelineOf('import') },
  order: { kind: 'new', selection: selectionOf(lines), incremental, includeReferrers },
  dryRun: false,
  maxBlobBytes: null,
  handoff: { method: 'auto', overwrite: false, tier: null, bandwidth: null, maxBlobBytes: null },
  destination: pipelineOf('import').registryId,
  importBy: 'run',
  verify: true,
  ...changes,
});

/** The same as three requests, for the parts of the way. */
export function apartRequests(
  lines: readonly string[],
  changes: RequestChanges = {},
): Record<'export' | 'handoff' | 'import', TransferRequest> {
  const full = fullRequest(lines, changes);
  const intake = intakeOf('nightly');
  return {
    export: { ...full, mode: 'export' },
    handoff: { ...full, mode: 'handoff', intake },
    import: { ...full, mode: 'import', intake },
  };
}
