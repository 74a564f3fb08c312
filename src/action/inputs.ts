import { MOST_ARTIFACTS_PER_RUN } from '../transfer/plan.ts';
import { parsePipelineId, type PipelineId } from '../transfer/pipeline-id.ts';
import type { ExportPart, ImportPart, Intake, Mode, Terms, TransferRequest } from '../transfer/request.ts';
import { parseSelection, type SelectedReference } from '../transfer/selection.ts';
import { isBlobName, isTransferName, manifestName } from '../transfer/names.ts';
import { formatReference, type Parsed } from '../transfer/reference.ts';
import { inputReader, type InputReader } from './input-reader.ts';
import { inputFailure } from './problems.ts';
import { readContainer, readSide } from './side-inputs.ts';

/** Where the inputs come from. */
export interface InputSources {
  /** The value of an input, empty when it was not given. */
  readonly get: (input: string) => string;
  /** A file of the workspace; null when there is none. */
  readonly readFile: (path: string) => string | null;
  /** `owner/repository` and the id of the workflow run; empty outside of one. */
  readonly workflow: { readonly repository: string; readonly runId: string };
}

const MODES: readonly Mode[] = ['export', 'handoff', 'import', 'full'];

/** The longest that a job may take on a self-hosted runner (GitHub Actions: usage limits), minutes. */
const LONGEST_MINUTES = 5 * 24 * 60;
const MOST_PARALLEL_RUNS = 50;

/** Which modes an input that has no default belongs to; elsewhere it would be silently ignored, so it is refused. */
const BELONGS_TO: Readonly<Record<string, readonly Mode[]>> = {
  artifacts: ['export', 'full'],
  'artifacts-file': ['export', 'full'],
  manifest: ['handoff', 'import'],
  blobs: ['handoff', 'import'],
  'export-pipeline': ['export', 'handoff', 'full'],
  'import-pipeline': ['import', 'handoff', 'full'],
};

function readTransferName(reader: InputReader, { repository, runId }: InputSources['workflow']): string {
  const given = reader.parsed('transfer-name', (text): Parsed<string> => {
    if (isTransferName(text)) return { value: text };
    return {
      problem: 'begin with a letter or digit; use letters, digits, . _ - and single slashes, no "..", at most 200',
    };
  });
  if (given !== null) return given;
  if (reader.text('transfer-name') === null && (repository === '' || runId === '')) {
    reader.report('transfer-name', 'is required outside of a workflow run');
  }
  return `${repository.replaceAll('/', '-')}-${runId}`;
}

const readTerms = (reader: InputReader, workflow: InputSources['workflow']): Terms => ({
  transferName: readTransferName(reader, workflow),
  artifactsPerRun: reader.count('max-artifacts-per-run', 1, MOST_ARTIFACTS_PER_RUN),
  parallelRuns: reader.count('max-parallel-runs', 1, MOST_PARALLEL_RUNS),
  failFast: reader.flag('fail-fast'),
  timeoutMinutes: reader.count('timeout-minutes', 1, LONGEST_MINUTES),
});

function addSelection(input: string, text: string, origin: string, reader: InputReader): readonly SelectedReference[] {
  const { references, problems } = parseSelection(text, origin);
  for (const { where, text: line, problem } of problems) reader.report(`${input}, ${where}`, problem, line);
  return references;
}

function readSelection(reader: InputReader, readFile: InputSources['readFile']): readonly SelectedReference[] {
  const path = reader.text('artifacts-file');
  const file = path === null ? '' : readFile(path);
  if (file === null) reader.report('artifacts-file', 'there is no such file in the workspace');
  const before = reader.problems.length;
  const named = [
    ...addSelection('artifacts', reader.text('artifacts') ?? '', '', reader),
    ...addSelection('artifacts-file', file ?? '', path ?? '', reader),
  ];
  const references = [...new Map(named.map((item) => [formatReference(item.reference), item])).values()];
  if (references.length === 0 && reader.problems.length === before && file !== null) {
    reader.report('artifacts', 'select at least one artifact, here or in artifacts-file', '');
  }
  return references;
}

function readPipeline(kind: 'export' | 'import', required: boolean, reader: InputReader): PipelineId | null {
  const input = `${kind}-pipeline`;
  if (required && reader.text(input) === null) reader.report(input, "is required: the pipeline's ARM resource ID");
  return reader.parsed(input, (text) => parsePipelineId(text, kind));
}

function splitBlobNames(text: string): readonly unknown[] {
  if (!text.startsWith('[')) return text.split(/\s*\r?\n\s*/);
  try {
    const list: unknown = JSON.parse(text);
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

function readIntake(reader: InputReader, transferName: string): Intake {
  const place = reader.text('manifest');
  const names = reader.parsed('blobs', parseBlobNames);
  if (place !== null && names !== null) reader.report('blobs', 'give either blobs or manifest');
  return names === null ? { kind: 'manifest', place: place ?? manifestName(transferName) } : { kind: 'blobs', names };
}

/** Stands in for a pipeline that was not given; a problem has been reported then, so no request is made of it. */
const NO_PIPELINE: PipelineId = {
  kind: 'export',
  resourceId: '',
  subscriptionId: '',
  resourceGroup: '',
  registry: '',
  registryId: '',
  name: '',
};

function readExportPart(reader: InputReader, readFile: InputSources['readFile']): ExportPart {
  const pipeline = readPipeline('export', true, reader);
  return {
    source: readSide('source', reader),
    exportPipeline: pipeline ?? NO_PIPELINE,
    sourceContainer: readContainer('source', pipeline, true, reader),
    selection: readSelection(reader, readFile),
  };
}

function readImportPart(reader: InputReader): ImportPart {
  const pipeline = readPipeline('import', true, reader);
  return {
    target: readSide('target', reader),
    importPipeline: pipeline ?? NO_PIPELINE,
    targetContainer: readContainer('target', pipeline, true, reader),
    importBy: reader.choice('import-by', ['run', 'trigger']) ?? 'run',
    verify: reader.flag('verify'),
  };
}

function readMode(mode: Mode, reader: InputReader, sources: InputSources): TransferRequest {
  const terms = readTerms(reader, sources.workflow);
  switch (mode) {
    case 'export':
      return { mode, ...terms, ...readExportPart(reader, sources.readFile) };
    case 'import':
      return { mode, ...terms, ...readImportPart(reader), intake: readIntake(reader, terms.transferName) };
    case 'full':
      return { mode, ...terms, ...readExportPart(reader, sources.readFile), ...readImportPart(reader) };
    case 'handoff':
      return {
        mode,
        ...terms,
        source: readSide('source', reader),
        target: readSide('target', reader),
        sourceContainer: readContainer('source', readPipeline('export', false, reader), false, reader),
        targetContainer: readContainer('target', readPipeline('import', false, reader), false, reader),
        intake: readIntake(reader, terms.transferName),
      };
  }
}

/**
 * Reads all inputs into a request, before any network call.
 * @throws ACRT1001 with every problem of every input
 */
export function readRequest(sources: InputSources): TransferRequest {
  const reader = inputReader(sources.get);
  const mode = reader.choice('mode', MODES);
  for (const [input, modes] of Object.entries(BELONGS_TO)) {
    if (mode === null || modes.includes(mode) || reader.text(input) === null) continue;
    reader.report(input, `belongs to ${modes.join(' and ')}, not to ${mode}`);
  }
  // Without a mode the other inputs are still checked, as far as they mean the same everywhere.
  const request = readMode(mode ?? 'full', reader, sources);
  const problems =
    mode === null ? reader.problems.filter(({ input, value }) => input === 'mode' || value !== '') : reader.problems;
  if (problems.length > 0) throw inputFailure(problems);
  return request;
}
