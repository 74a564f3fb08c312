import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStepState, parseStepState } from '../../../../src/action/runner/state.ts';
import type { TransferEvent } from '../../../../src/transfer/model/events.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-state-'));
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

describe('the state of a step', () => {
  it('contains every run as soon as it is requested', () => {
    const state = createStepState(folder);
    const path = join(folder, 'state.jsonl');
    const read = (): ReturnType<typeof parseStepState> => parseStepState(readFileSync(path, 'utf8'));
    state.onEvent(started(1, 'export', 'run1'));
    state.onEvent(started(2, 'export', 'run2'));
    state.onEvent(started(1, 'verify', 'registry'));

    expect(read().runs.map(({ outcome }) => outcome)).toEqual([null, null]);

    state.onEvent(ended(1, 'done'));

    expect(read()).toEqual({
      runs: [
        { stage: 'export', run: 'run1', outcome: 'done' },
        { stage: 'export', run: 'run2', outcome: null },
      ],
      complete: false,
    });

    state.complete();

    expect(read().complete).toBe(true);
    expect(readFileSync(process.env['GITHUB_STATE'] ?? '', 'utf8')).toContain(path);
  });

  it('is read without its incomplete line', () => {
    const whole = '{"batch":1,"stage":"import","run":"run1"}\n{"batch":1,"stage":"import","outc';

    expect(parseStepState(`${whole}\n[]\n"x"\n`)).toEqual({
      runs: [{ stage: 'import', run: 'run1', outcome: null }],
      complete: false,
    });
  });

  it('does not stop the transfer if it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const state = createStepState(join(folder, 'file'));

    expect(() => {
      state.onEvent(started(1, 'export', 'run1'));
    }).not.toThrow();
  });
});
