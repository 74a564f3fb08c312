/**
 * The state of a step: the pipeline runs that it requested and their outcomes, appended to a file line by line. The post step
 * reads the file to find out which runs continue after an interrupted step.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import * as z from 'zod';
import type { EventListener, StageOutcome, TransferEvent } from '../../transfer/model/events.ts';
import type { RequestedRun } from '../../transfer/pipelines/interrupted-runs.ts';
import { print } from './log.ts';

/** A pipeline run that the step requested. */
export interface RecordedRun extends RequestedRun {
  /** Outcome of its stage; null if the step did not see the end of the stage. */
  readonly outcome: StageOutcome | null;
}

/** The recorded state of a step. */
interface StepState {
  readonly runs: readonly RecordedRun[];
  /** Whether the step ended by itself. */
  readonly complete: boolean;
}

/** Records the state of a step. */
interface StepStateWriter {
  readonly onEvent: EventListener;
  /** Records that the step ended by itself. */
  readonly complete: () => void;
}

/** Name of the state (`core.saveState`) that passes the path of the file to the post step. */
const STATE_FILE = 'state-file';

const runStages = z.enum(['export', 'import']);
const lineSchema = z.union([
  z.object({ batch: z.number(), stage: runStages, run: z.string() }),
  z.object({ batch: z.number(), stage: runStages, outcome: z.enum(['done', 'skipped', 'failed']) }),
  z.object({ complete: z.literal(true) }),
]);

type Line = z.infer<typeof lineSchema>;

const isRunStage = (stage: string): stage is RecordedRun['stage'] => stage === 'export' || stage === 'import';

function lineOf(event: TransferEvent): Line | null {
  if (event.kind !== 'stage-started' && event.kind !== 'stage-ended') return null;
  const { batch, stage } = event;
  if (!isRunStage(stage)) return null;
  return event.kind === 'stage-started'
    ? { batch, stage, run: event.detail }
    : { batch, stage, outcome: event.outcome };
}

/** Calls a function and logs its error. A transfer continues without its recorded state. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    print(`! The state of the step cannot be recorded: ${(error as Error).message}`);
    return false;
  }
}

/**
 * Creates the state file of this step and passes its path to the post step.
 * @param folder of the step; the state of an earlier attempt is overwritten
 */
export function createStepState(folder: string): StepStateWriter {
  const path = join(folder, 'state.jsonl');
  let writable = attempt(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, '');
    core.saveState(STATE_FILE, path);
  });
  const write = (line: Line): void => {
    writable &&= attempt(() => {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    });
  };
  return {
    onEvent: (event) => {
      const line = lineOf(event);
      if (line !== null) write(line);
    },
    complete: () => {
      write({ complete: true });
    },
  };
}

/** Skips incomplete lines, which a killed process can leave. */
function parseLine(text: string): readonly Line[] {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

/** Parses the lines of a state file. */
export function parseStepState(text: string): StepState {
  const runs = new Map<string, RecordedRun>();
  let complete = false;
  for (const line of text.split('\n').flatMap(parseLine)) {
    if ('complete' in line) {
      complete = true;
      continue;
    }
    const key = `${line.batch} ${line.stage}`;
    const known = runs.get(key);
    if ('run' in line) runs.set(key, { stage: line.stage, run: line.run, outcome: null });
    else if (known !== undefined) runs.set(key, { ...known, outcome: line.outcome });
  }
  return { runs: [...runs.values()], complete };
}

/** Reads the state of the step, for its post step; null if the step recorded none. */
export function readStepState(): StepState | null {
  try {
    return parseStepState(readFileSync(core.getState(STATE_FILE), 'utf8'));
  } catch {
    return null;
  }
}
