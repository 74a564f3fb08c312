/** The inputs that say what leaves: a selection to plan, or a plan that was made before. */
import type { Incremental, Mode, PlanSource } from '../../transfer/model/request.ts';
import type { SelectionLine } from '../../transfer/model/selection.ts';
import { parseShard } from '../../transfer/model/shard.ts';
import { parseSelection } from '../../transfer/selection/index.ts';
import type { InputReader } from './reader.ts';

/** A file of the workspace; null when there is none. */
type ReadFile = (path: string) => string | null;

function addSelection(input: string, text: string, origin: string, reader: InputReader): readonly SelectionLine[] {
  const { lines, problems } = parseSelection(text, origin);
  for (const { where, text: line, problem } of problems) reader.report(`${input}, ${where}`, problem, line);
  return lines;
}

function readSelection(reader: InputReader, readFile: ReadFile, required: boolean): readonly SelectionLine[] {
  const path = reader.text('artifacts-file');
  const file = path === null ? '' : readFile(path);
  if (file === null) reader.report('artifacts-file', 'there is no such file in the workspace');
  const before = reader.problems.length;
  const lines = [
    ...addSelection('artifacts', reader.text('artifacts') ?? '', '', reader),
    ...addSelection('artifacts-file', file ?? '', path ?? '', reader),
  ];
  const selects = lines.some(({ kind }) => kind === 'include');
  if (required && !selects && reader.problems.length === before && file !== null) {
    reader.report('artifacts', 'select at least one artifact, here or in artifacts-file, or give a plan', '');
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
    reader.report('incremental', `target needs mode full: ${mode} does not see the target; use receipt or history`);
  }
  return kind === 'receipt' ? { kind, places } : { kind };
}

/** What a plan has decided already. */
const DECIDED = ['artifacts', 'artifacts-file', 'receipts', 'transfer-name'];

/** The same for inputs that have a default. */
const DECIDED_DEFAULTS: Readonly<Record<string, string>> = { incremental: 'off', 'include-referrers': 'true' };

function readApprovedPlan(place: string, reader: InputReader): PlanSource {
  for (const input of DECIDED) {
    if (reader.text(input) !== null) reader.report(input, 'give either this or a plan, which says what travels');
  }
  for (const [input, usual] of Object.entries(DECIDED_DEFAULTS)) {
    if ((reader.text(input) ?? usual).toLowerCase() === usual) continue;
    reader.report(input, 'belongs to planning: a plan that is given is carried out as it is');
  }
  const onDrift = reader.choice('on-drift', ['stop', 'continue']) ?? 'stop';
  return { kind: 'given', place, onDrift, shard: reader.parsed('shard', parseShard) };
}

/**
 * Reads what leaves.
 * @param required whether something must be selected
 */
export function readPlanSource(mode: Mode, reader: InputReader, readFile: ReadFile, required: boolean): PlanSource {
  const place = reader.text('plan');
  if (place !== null) return readApprovedPlan(place, reader);
  if (reader.text('shard') !== null) reader.report('shard', 'needs plan: it is a share of a plan that was made before');
  if (reader.text('on-drift')?.toLowerCase() === 'continue') reader.report('on-drift', 'needs plan');
  return {
    kind: 'make',
    selection: readSelection(reader, readFile, required),
    incremental: readIncremental(mode, reader),
    includeReferrers: reader.flag('include-referrers'),
  };
}
