import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStepState, parseJournal } from '../../../../src/action/runner/state.ts';
import type { TransferEvent } from '../../../../src/transfer/model/events.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-journal-'));
  process.env['GITHUB_STATE'] = join(folder, 'state');
  writeFileSync(process.env['GITHUB_STATE'], '');
});

afterAll(() => {
  delete process.env['GITHUB_STATE'];
  rmSync(folder, { recursive: true, force: true });
});

const started = (batch: number, stage: 'export' | 'verify', detail: string): TransferEvent => ({
  kind: 'stage-started',
  batch,
  stage,
  detail,
});
const ended = (batch: number, outcome: 'done' | 'failed'): TransferEvent => ({
  kind: 'stage-ended',
  batch,
  stage: 'export',
  outcome,
  seconds: 1,
});

describe('the journal of a step', () => {
  it('has every run from the moment that it is asked for', () => {
    const journal = createStepState(folder);
    const path = join(folder, 'journal.jsonl');
    const read = (): ReturnType<typeof parseJournal> => parseJournal(readFileSync(path, 'utf8'));
    journal.onEvent(started(1, 'export', 'run1'));
    journal.onEvent(started(2, 'export', 'run2'));
    journal.onEvent(started(1, 'verify', 'registry'));

    expect(read().runs.map(({ outcome }) => outcome)).toEqual([null, null]);

    journal.onEvent(ended(1, 'done'));

    expect(read()).toEqual({
      runs: [
        { stage: 'export', run: 'run1', outcome: 'done' },
        { stage: 'export', run: 'run2', outcome: null },
      ],
      complete: false,
    });

    journal.complete();

    expect(read().complete).toBe(true);
    expect(readFileSync(process.env['GITHUB_STATE'] ?? '', 'utf8')).toContain(path);
  });

  it('is read as far as it was written', () => {
    const whole = '{"batch":1,"stage":"import","run":"run1"}\n{"batch":1,"stage":"import","outc';

    expect(parseJournal(`${whole}\n[]\n"x"\n`)).toEqual({
      runs: [{ stage: 'import', run: 'run1', outcome: null }],
      complete: false,
    });
  });

  it('keeps nobody from transferring when it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const journal = createStepState(join(folder, 'file'));

    expect(() => {
      journal.onEvent(started(1, 'export', 'run1'));
    }).not.toThrow();
  });
});
