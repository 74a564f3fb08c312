/** All inputs of action.yml to a TransferRequest. */
import type { Parsed } from '../../transfer/errors/index.ts';
import { MAX_ARTIFACTS_PER_RUN } from '../../transfer/model/artifact.ts';
import { parseBoundedJson } from '../../transfer/model/bounded-json.ts';
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
import { checkDirectories, HANDOFF_MODES, readHandoffPart, readLocation } from './handoff.ts';
import { readPlanSource } from './plan.ts';
import { inputError, inputReader, type InputReader } from './reader.ts';
import { NO_PIPELINE, readContainer, readSide } from './side.ts';

const MODES: readonly Mode[] = ['export', 'handoff', 'import', 'full', 'doctor'];

/** A mode that moves something. */
type Moving = MovingRequest['mode'];

/** The longest that a job may take on a self-hosted runner (GitHub Actions: usage limits), minutes. */
const MAX_MINUTES = 5 * 24 * 60;
const MAX_PARALLEL_RUNS = 50;
const MAX_CLEANUP_DAYS = 3650;

const PLANNING: readonly Moving[] = ['export', 'full'];

/** Which modes an input that has no default belongs to; elsewhere it would be silently ignored, so it is refused. */
const BELONGS_TO: Readonly<Record<string, readonly Moving[]>> = {
  artifacts: ['export', 'full'],
  'artifacts-file': ['export', 'full'],
  manifest: ['handoff', 'import'],
  blobs: ['handoff', 'import'],
  plan: ['export', 'full'],
  shard: ['export', 'full'],
  receipts: ['export', 'full'],
  'max-blob-size': ['export', 'handoff', 'full'],
  'max-bandwidth': HANDOFF_MODES,
  'access-tier': HANDOFF_MODES,
  'export-pipeline': ['export', 'handoff', 'full'],
};

/** The same for inputs that have a default: refused when they say something else. */
const DEFAULTS: Readonly<Record<string, { readonly usual: string; readonly modes: readonly Moving[] }>> = {
  'dry-run': { usual: 'false', modes: PLANNING },
  incremental: { usual: 'off', modes: PLANNING },
  'include-referrers': { usual: 'true', modes: PLANNING },
  'on-drift': { usual: 'stop', modes: PLANNING },
  'handoff-method': { usual: 'auto', modes: HANDOFF_MODES },
  overwrite: { usual: 'false', modes: HANDOFF_MODES },
};

function readTransferName(reader: InputReader, { repository, runId }: InputSources['workflow']): string {
  const given = reader.parsed('transfer-name', (text): Parsed<string> => {
    if (isTransferName(text)) return { value: text };
    return {
      problem: 'begin with a letter or digit; use letters, digits, . _ - and single slashes, no "..", at most 200',
    };
  });
  if (given !== null) return given;
  // A plan brings its own.
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

/** Names of blobs, UTF-16 units: more than a runner takes as an input. */
const MAX_LIST_LENGTH = 16 * 1024 * 1024;

function splitBlobNames(text: string): readonly unknown[] {
  if (!text.startsWith('[')) return text.split('\n').flatMap((line) => line.trim() || []);
  try {
    const list = parseBoundedJson(text, MAX_LIST_LENGTH);
    return Array.isArray(list) ? list : [list];
  } catch {
    return [null];
  }
}

function parseBlobNames(text: string): Parsed<readonly string[]> {
  const names = splitBlobNames(text);
  const good = names.filter((name) => typeof name === 'string' && isBlobName(name)) as string[];
  return good.length === names.length && names.length > 0
    ? { value: [...new Set(good)] }
    : { problem: 'use blob names, one a line or as a JSON list' };
}

function readHandedOverSource(reader: InputReader, transferName: string, required: boolean): HandedOverSource {
  const place = reader.text('manifest');
  const names = reader.parsed('blobs', parseBlobNames);
  if (!required && place === null && names === null) return { kind: 'blobs', names: [] };
  if (place !== null && names !== null) reader.report('blobs', 'give either blobs or manifest');
  return names === null ? { kind: 'manifest', place: place ?? manifestName(transferName) } : { kind: 'blobs', names };
}

/** What reading a request depends on. */
interface RequestReader extends InputSources {
  /** Whether something to move must be named. */
  readonly contentRequired: boolean;
}

/**
 * Reads what leaves.
 * @param importPipeline says which target it is meant for; null when that is not known on this side
 */
function readExportPart(
  mode: Moving,
  importPipeline: PipelineId | null,
  reader: InputReader,
  { readFile, contentRequired }: RequestReader,
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
  { contentRequired }: RequestReader,
): Omit<HandoffRequest, 'mode' | keyof Terms> {
  const sourceContainer = readLocation('source', readPipeline('export', false, reader), reader);
  const targetContainer = readLocation('target', importPipeline, reader);
  const handoff = readHandoffPart(reader, reader.parsed('max-blob-size', parseSize));
  const intake = readHandedOverSource(reader, transferName, contentRequired);
  checkDirectories(sourceContainer, targetContainer, handoff, intake.kind, reader);
  const sides = { source: readSide('source', reader), target: readSide('target', reader) };
  return { ...sides, sourceContainer, targetContainer, handoff, intake };
}

function readMoving(mode: Moving, terms: Terms, reader: InputReader, reading: RequestReader): MovingRequest {
  const importPipeline = readPipeline('import', mode === 'import' || mode === 'full', reader);
  switch (mode) {
    case 'export':
      return { mode, ...terms, ...readExportPart(mode, importPipeline, reader, reading) };
    case 'import': {
      const intake = readHandedOverSource(reader, terms.transferName, reading.contentRequired);
      return { mode, ...terms, ...readImportPart(importPipeline, reader), intake };
    }
    case 'full': {
      const leaving = readExportPart(mode, importPipeline, reader, reading);
      const handoff = readHandoffPart(reader, leaving.maxBlobBytes);
      return { mode, ...terms, ...leaving, ...readImportPart(importPipeline, reader), handoff };
    }
    case 'handoff':
      return { mode, ...terms, ...readHandoff(importPipeline, terms.transferName, reader, reading) };
  }
}

/** What a doctor examines follows from what is given: two pipelines, one of them, or containers. */
function examinedMode(reader: InputReader): Moving {
  const isGiven = (input: string): boolean => reader.text(input) !== null;
  const hasContent = ['artifacts', 'artifacts-file', 'plan'].some(isGiven);
  if (isGiven('export-pipeline') || hasContent) return isGiven('import-pipeline') ? 'full' : 'export';
  return isGiven('import-pipeline') ? 'import' : 'handoff';
}

function readMode(mode: Mode, moving: Moving, reader: InputReader, sources: InputSources): TransferRequest {
  const terms = readTerms(reader, sources.workflow);
  if (mode !== 'doctor') return readMoving(mode, terms, reader, { ...sources, contentRequired: true });
  return { mode, ...terms, examined: readMoving(moving, terms, reader, { ...sources, contentRequired: false }) };
}

/** Inputs that mean nothing in a mode would be silently ignored: they are refused. */
function rejectUnrelated(mode: Moving, reader: InputReader): void {
  const refuse = (input: string, modes: readonly Moving[]): void => {
    reader.report(input, `belongs to ${modes.join(' and ')}, not to ${mode}`);
  };
  for (const [input, modes] of Object.entries(BELONGS_TO)) {
    if (!modes.includes(mode) && reader.text(input) !== null) refuse(input, modes);
  }
  for (const [input, { usual, modes }] of Object.entries(DEFAULTS)) {
    if (!modes.includes(mode) && (reader.text(input) ?? usual).toLowerCase() !== usual) refuse(input, modes);
  }
}

/**
 * Reads all inputs into a request, before any network call.
 * @throws ACRT1001 with every problem of every input
 */
export function readRequest(sources: InputSources): TransferRequest {
  const reader = inputReader(sources.get);
  const mode = reader.choice('mode', MODES);
  const moving = mode === 'doctor' ? examinedMode(reader) : mode;
  if (moving !== null) rejectUnrelated(moving, reader);
  // Without a mode the other inputs are still checked, as far as they mean the same everywhere.
  const request = readMode(mode ?? 'full', moving ?? 'full', reader, sources);
  const problems =
    mode === null ? reader.problems.filter(({ input, value }) => input === 'mode' || value !== '') : reader.problems;
  if (problems.length > 0) throw inputError(problems);
  return request;
}
