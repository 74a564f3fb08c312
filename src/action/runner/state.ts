/**
 * The journal of a step: which pipeline runs it has asked for and what it saw of their end, written line by line as it
 * happens. It is what the post step has to go by when the step itself was ended in the middle.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import * as z from 'zod';
import type { EventListener, StageOutcome, TransferEvent } from '../../transfer/model/events.ts';
import type { RequestedRun } from '../../transfer/pipelines/interrupted-runs.ts';
import { print } from './log.ts';

/** A pipeline run that the step has asked for. */
export interface RecordedRun extends RequestedRun {
  /** How its stage ended; null when nobody saw its end. */
  readonly outcome: StageOutcome | null;
}

/** What a step has left in its journal. */
export interface Journal {
  readonly runs: readonly RecordedRun[];
  /** Whether the step came to its end by itself. */
  readonly complete: boolean;
}

/** Writes a journal. */
export interface JournalWriter {
  readonly onEvent: EventListener;
  /** Says that the step has come to its end. */
  readonly complete: () => void;
}

const STATE = 'journal';

const stages = z.enum(['export', 'import']);
const lineSchema = z.union([
  z.object({ batch: z.number(), stage: stages, run: z.string() }),
  z.object({ batch: z.number(), stage: stages, outcome: z.enum(['done', 'skipped', 'failed']) }),
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

/** A transfer goes on without its journal: it is for people, and only when all else fails. */
function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    print(`! The journal of the step cannot be kept: ${(error as Error).message}`);
    return false;
  }
}

/**
 * Begins the journal of this step, and tells the post step where it is.
 * @param folder of the step; what an earlier attempt has left there is dropped
 */
export function createStepState(folder: string): JournalWriter {
  const path = join(folder, 'journal.jsonl');
  let kept = attempt(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, '');
    core.saveState(STATE, path);
  });
  const write = (line: Line): void => {
    kept &&= attempt(() => {
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

/** A line that was cut off, with the process that wrote it, says nothing. */
function parseLine(text: string): readonly Line[] {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

/** Reads the lines of a journal. */
export function parseJournal(text: string): Journal {
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

/** The journal of the step that this is the post part of; null when it did not get as far as having one. */
export function readStepState(): Journal | null {
  const path = core.getState(STATE);
  if (path === '') return null;
  try {
    return parseJournal(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
