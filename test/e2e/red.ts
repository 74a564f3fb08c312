import { expect } from '@jest/globals';
import { shownIds } from './place.ts';
import { definition, type StepResult } from './runner.ts';

/** Expects a red step with every output set, these failures, and the remedy of each in log and summary. */
export function expectRed(result: StepResult, ids: readonly string[]): void {
  expect(shownIds(result)).toEqual(ids);
  expect(result.exitCode).toBe(1);
  expect(['failed', 'partial']).toContain(result.outputs['status']);
  expect(Object.keys(result.outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
  for (const id of ids) expect(result.summary).toContain(id);
  expect(result.summary).toContain('What to do');
  expect(result.log + result.summary).not.toMatch(/undefined|\[object Object\]|^\s+at .+:\d+:\d+/m);
}
