/** Inputs that select the content of a transfer: a selection to plan, or an existing plan. */
import type { Incremental, Mode, PlanSource } from '../../transfer/model/request.ts';
import type { SelectionLine } from '../../transfer/model/selection.ts';
import { parseShard } from '../../transfer/model/shard.ts';
import { parseSelection } from '../../transfer/selection/index.ts';
import { INPUT_DEFAULTS } from './defaults.ts';
import type { InputReader } from './reader.ts';

/** Reads a file of the workspace; null if it does not exist. */
type ReadFile = (path: string) => string | null;

function addSelection(input: string, text: string, origin: string, reader: InputReader): readonly SelectionLine[] {
  const { lines, problems } = parseSelection(text, origin);
  for (const { where, text: line, problem } of problems) reader.report(`${input}, ${where}`, problem, line);
  return lines;
}

function readSelection(reader: InputReader, readFile: ReadFile, required: boolean): readonly SelectionLine[] {
  const path = reader.text('artifacts-file');
  const file = path === null ? '' : readFile(path);
  if (file === null) reader.report('artifacts-file', 'the workspace has no such file');
  const problemsBefore = reader.problems.length;
  const lines = [
    ...addSelection('artifacts', reader.text('artifacts') ?? '', '', reader),
    ...addSelection('artifacts-file', file ?? '', path ?? '', reader),
  ];
  const selects = lines.some(({ kind }) => kind === 'include');
  if (required && !selects && reader.problems.length === problemsBefore && file !== null) {
    reader.report('artifacts', 'select at least one artifact, here or in artifacts-file, or set plan', '');
  }
  return lines;
}

const linesOf = (text: string | null): readonly string[] =>
  (text ?? '').split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));

function readIncremental(mode: Mode, reader: InputReader): Incremental {
  const kind = reader.choice('incremental', ['off', 'target', 'receipt', 'history']) ?? 'off';
  const places = linesOf(reader.text('receipts'));
  if (places.length > 0 && kind !== 'receipt') reader.report('receipts', 'needs incremental: receipt');
  if (kind === 'target' && mode !== 'full') {
    reader.report('incremental', `target needs mode full: ${mode} can't read the target; use receipt or history`);
  }
  return kind === 'receipt' ? { kind, places } : { kind };
}

/** Inputs whose values come from the plan. */
const PLANNED = ['artifacts', 'artifacts-file', 'receipts', 'transfer-name'];

/** Inputs with a default whose values come from the plan. */
const PLANNED_WITH_DEFAULT = ['incremental', 'include-referrers'];

function readApprovedPlan(place: string, reader: InputReader): PlanSource {
  for (const input of PLANNED) {
    if (reader.text(input) !== null) reader.report(input, 'set either this or plan, which already contains it');
  }
  for (const input of PLANNED_WITH_DEFAULT) {
    if (reader.text(input)?.toLowerCase() === INPUT_DEFAULTS[input]) continue;
    reader.report(input, 'is only used to create a plan: an existing plan is executed unchanged');
  }
  const onDrift = reader.choice('on-drift', ['stop', 'continue']) ?? 'stop';
  return { kind: 'approved', place, onDrift, shard: reader.parsed('shard', parseShard) };
}

/**
 * Reads the content of a transfer.
 * @param required whether the selection must select something
 */
export function readPlanSource(mode: Mode, reader: InputReader, readFile: ReadFile, required: boolean): PlanSource {
  const place = reader.text('plan');
  if (place !== null) return readApprovedPlan(place, reader);
  if (reader.text('shard') !== null) reader.report('shard', 'needs plan: a shard is a part of an existing plan');
  if (reader.text('on-drift')?.toLowerCase() === 'continue') reader.report('on-drift', 'needs plan');
  return {
    kind: 'new',
    selection: readSelection(reader, readFile, required),
    incremental: readIncremental(mode, reader),
    includeReferrers: reader.flag('include-referrers'),
  };
}
