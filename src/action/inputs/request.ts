/** All inputs of action.yml to a TransferRequest. */
import { failed, ok, type Result } from '../../transfer/errors/index.ts';
import { MAX_ARTIFACTS_PER_RUN } from '../../transfer/model/artifact.ts';
import { parseSize } from '../../transfer/model/bytes.ts';
import { isBlobName, isTransferName, manifestName } from '../../transfer/model/names.ts';
import { parsePipelineId, type PipelineId } from '../../transfer/model/pipeline-id.ts';
import type {
  ExportPart,
  HandedOverSource,
  HandoffRequest,
  ImportPart,
  Mode,
  MovingRequest,
  Terms,
  TransferRequest,
} from '../../transfer/model/request.ts';
import type { InputSources } from '../runner/inputs.ts';
import { INPUT_DEFAULTS } from './defaults.ts';
import { checkDirectories, HANDOFF_MODES, readHandoffPart, readLocation } from './handoff.ts';
import { parseLoginServers, splitList } from './list.ts';
import { readPlanSource } from './plan.ts';
import { inputError, inputReader, type InputReader } from './reader.ts';
import { NO_PIPELINE, readContainer, readSide } from './side.ts';

const MODES: readonly Mode[] = ['export', 'handoff', 'import', 'full', 'doctor'];

/** Every mode but `doctor`. */
type TransferMode = MovingRequest['mode'];

/** Maximum duration of a job on a self-hosted runner (GitHub Actions: usage limits), minutes. */
const MAX_MINUTES = 5 * 24 * 60;
const MAX_PARALLEL_RUNS = 50;
const MAX_CLEANUP_DAYS = 3650;

const PLANNING_MODES: readonly TransferMode[] = ['export', 'full'];

/** Modes of inputs without a default. In other modes these inputs are rejected, because they would be silently ignored. */
const MODES_OF_INPUT: Readonly<Record<string, readonly TransferMode[]>> = {
  artifacts: ['export', 'full'],
  'artifacts-file': ['export', 'full'],
  manifest: ['handoff', 'import'],
  blobs: ['handoff', 'import'],
  plan: ['export', 'full'],
  shard: ['export', 'full'],
  receipts: ['export', 'full'],
  'allowed-sources': ['handoff', 'import'],
  'max-blob-size': ['export', 'handoff', 'full'],
  'max-bandwidth': HANDOFF_MODES,
  'access-tier': HANDOFF_MODES,
  'export-pipeline': ['export', 'handoff', 'full'],
};

/** Modes of inputs with a default. In other modes every value but the default is rejected. */
const MODES_OF_DEFAULT_INPUT: Readonly<Record<string, readonly TransferMode[]>> = {
  'dry-run': PLANNING_MODES,
  incremental: PLANNING_MODES,
  'include-referrers': PLANNING_MODES,
  'on-drift': PLANNING_MODES,
  'handoff-method': HANDOFF_MODES,
  overwrite: HANDOFF_MODES,
};

function readTransferName(reader: InputReader, { repository, runId }: InputSources['workflow']): string {
  const given = reader.parsed('transfer-name', (text): Result<string, string> => {
    if (isTransferName(text)) return ok(text);
    return failed('start with a letter or digit; use letters, digits, . _ - and single slashes, no "..", at most 200');
  });
  if (given !== null) return given;
  // A plan contains its transfer name.
  const isNeeded = reader.text('transfer-name') === null && reader.text('plan') === null;
  if (isNeeded && (repository === '' || runId === '')) {
    reader.report('transfer-name', 'is required outside of a workflow run');
  }
  return `${repository.replaceAll('/', '-')}-${runId}`;
}

const readTerms = (reader: InputReader, workflow: InputSources['workflow']): Terms => ({
  transferName: readTransferName(reader, workflow),
  artifactsPerRun: reader.count('max-artifacts-per-run', 1, MAX_ARTIFACTS_PER_RUN),
  parallelRuns: reader.count('max-parallel-runs', 1, MAX_PARALLEL_RUNS),
  failFast: reader.flag('fail-fast'),
  timeoutMinutes: reader.count('timeout-minutes', 1, MAX_MINUTES),
  cleanupDays: reader.text('cleanup') === null ? null : reader.count('cleanup', 1, MAX_CLEANUP_DAYS),
});

function readPipeline(kind: 'export' | 'import', required: boolean, reader: InputReader): PipelineId | null {
  const input = `${kind}-pipeline`;
  if (required && reader.text(input) === null) reader.report(input, "is required: the pipeline's ARM resource ID");
  return reader.parsed(input, (text) => parsePipelineId(text, kind));
}

function parseBlobNames(text: string): Result<readonly string[], string> {
  const names = splitList(text, '\n');
  const valid = names.filter((name) => typeof name === 'string' && isBlobName(name)) as string[];
  return valid.length === names.length && names.length > 0
    ? ok([...new Set(valid)])
    : failed('use blob names, one a line or as a JSON list');
}

function readHandedOverSource(reader: InputReader, transferName: string, required: boolean): HandedOverSource {
  const place = reader.text('manifest');
  const names = reader.parsed('blobs', parseBlobNames);
  const allowedSources = reader.parsed('allowed-sources', parseLoginServers) ?? [];
  if (!required && place === null && names === null) return { kind: 'blobs', names: [] };
  if (place !== null && names !== null) reader.report('blobs', 'set either blobs or manifest');
  if (names !== null) {
    if (allowedSources.length > 0) reader.report('allowed-sources', 'needs a manifest: blobs do not tell their source');
    return { kind: 'blobs', names };
  }
  const named = place !== null;
  return {
    kind: 'manifest',
    place: place ?? manifestName(transferName),
    named,
    transferName: named && reader.text('transfer-name') === null ? null : transferName,
    allowedSources,
  };
}

/** Parameters for options a request. */
interface ReadOptions extends InputSources {
  /** Whether the inputs must select artifacts or blobs. */
  readonly contentRequired: boolean;
}

/**
 * Reads the inputs of an export.
 * @param importPipeline identifies the target registry; null if it is not known on this side
 */
function readExportPart(
  mode: TransferMode,
  importPipeline: PipelineId | null,
  reader: InputReader,
  { readFile, contentRequired }: ReadOptions,
): ExportPart {
  const pipeline = readPipeline('export', true, reader);
  return {
    source: readSide('source', reader),
    exportPipeline: pipeline ?? NO_PIPELINE,
    sourceContainer: readContainer('source', pipeline, true, reader),
    order: readPlanSource(mode, reader, readFile, contentRequired),
    dryRun: reader.flag('dry-run'),
    maxBlobBytes: reader.parsed('max-blob-size', parseSize),
    destination: importPipeline?.registryId ?? null,
  };
}

function readImportPart(pipeline: PipelineId | null, reader: InputReader): ImportPart {
  return {
    target: readSide('target', reader),
    importPipeline: pipeline ?? NO_PIPELINE,
    targetContainer: readContainer('target', pipeline, true, reader),
    importBy: reader.choice('import-by', ['run', 'trigger']) ?? 'run',
    verify: reader.flag('verify'),
  };
}

function readHandoff(
  importPipeline: PipelineId | null,
  transferName: string,
  reader: InputReader,
  { contentRequired }: ReadOptions,
): Omit<HandoffRequest, 'mode' | keyof Terms> {
  const sourceContainer = readLocation('source', readPipeline('export', false, reader), reader);
  const targetContainer = readLocation('target', importPipeline, reader);
  const handoff = readHandoffPart(reader, reader.parsed('max-blob-size', parseSize));
  const intake = readHandedOverSource(reader, transferName, contentRequired);
  checkDirectories(sourceContainer, targetContainer, handoff, intake.kind, reader);
  const sides = { source: readSide('source', reader), target: readSide('target', reader) };
  const destination = importPipeline?.registryId ?? null;
  return { ...sides, sourceContainer, targetContainer, destination, handoff, intake };
}

function readMoving(mode: TransferMode, terms: Terms, reader: InputReader, options: ReadOptions): MovingRequest {
  const importPipeline = readPipeline('import', mode === 'import' || mode === 'full', reader);
  switch (mode) {
    case 'export':
      return { mode, ...terms, ...readExportPart(mode, importPipeline, reader, options) };
    case 'import': {
      const intake = readHandedOverSource(reader, terms.transferName, options.contentRequired);
      return { mode, ...terms, ...readImportPart(importPipeline, reader), intake };
    }
    case 'full': {
      const exportPart = readExportPart(mode, importPipeline, reader, options);
      const handoff = readHandoffPart(reader, exportPart.maxBlobBytes);
      return { mode, ...terms, ...exportPart, ...readImportPart(importPipeline, reader), handoff };
    }
    case 'handoff':
      return { mode, ...terms, ...readHandoff(importPipeline, terms.transferName, reader, options) };
  }
}

/** Derives the mode that `doctor` checks from the inputs that are set: both pipelines, one of them, or containers. */
function modeToCheck(reader: InputReader): TransferMode {
  const isSet = (input: string): boolean => reader.text(input) !== null;
  const hasContent = ['artifacts', 'artifacts-file', 'plan'].some(isSet);
  if (isSet('export-pipeline') || hasContent) return isSet('import-pipeline') ? 'full' : 'export';
  return isSet('import-pipeline') ? 'import' : 'handoff';
}

function readMode(mode: Mode, transferMode: TransferMode, reader: InputReader, sources: InputSources): TransferRequest {
  const terms = readTerms(reader, sources.workflow);
  if (mode !== 'doctor') return readMoving(mode, terms, reader, { ...sources, contentRequired: true });
  return { mode, ...terms, examined: readMoving(transferMode, terms, reader, { ...sources, contentRequired: false }) };
}

/** Rejects inputs without an effect in a mode, which would be silently ignored. */
function rejectUnrelated(mode: TransferMode, reader: InputReader): void {
  const reject = (input: string, modes: readonly TransferMode[]): void => {
    reader.report(input, `has no effect in mode ${mode}; it is for ${modes.join(' and ')}`);
  };
  for (const [input, modes] of Object.entries(MODES_OF_INPUT)) {
    if (!modes.includes(mode) && reader.text(input) !== null) reject(input, modes);
  }
  for (const [input, modes] of Object.entries(MODES_OF_DEFAULT_INPUT)) {
    if (!modes.includes(mode) && reader.text(input)?.toLowerCase() !== INPUT_DEFAULTS[input]) reject(input, modes);
  }
}

/**
 * Reads all inputs into a request, before any network call.
 * @throws ACRT1001 with every problem of every input
 */
export function readRequest(sources: InputSources): TransferRequest {
  const reader = inputReader(sources.get, (input) => INPUT_DEFAULTS[input]);
  const mode = reader.choice('mode', MODES);
  const transferMode = mode === 'doctor' ? modeToCheck(reader) : mode;
  if (transferMode !== null) rejectUnrelated(transferMode, reader);
  // Without a mode, the values of the other inputs are still checked.
  const request = readMode(mode ?? 'full', transferMode ?? 'full', reader, sources);
  const problems =
    mode === null ? reader.problems.filter(({ input, value }) => input === 'mode' || value !== '') : reader.problems;
  if (problems.length > 0) throw inputError(problems);
  return request;
}
