import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../../show/mutants/verdict.ts';

const GOOD = { mutants: 100, killed: 100, testFiles: 50, failingFiles: 0 };

describe('the verdict on mutants', () => {
  it('accepts 92 % killed, and rejects less', () => {
    expect(faultsOf({ ...GOOD, killed: 92 })).toEqual([]);
    expect(faultsOf({ ...GOOD, killed: 91 })).toEqual(['91 of 100 killed is less than 92 %']);
    expect(faultsOf({ ...GOOD, mutants: 125, killed: 115 })).toEqual([]);
    expect(faultsOf({ ...GOOD, mutants: 125, killed: 114 })).toHaveLength(1);
  });

  it('accepts a hundred mutants, and rejects fewer', () => {
    expect(faultsOf(GOOD)).toEqual([]);
    expect(faultsOf({ ...GOOD, mutants: 99, killed: 99 })).toEqual(['99 mutants are fewer than 100']);
  });

  it('refuses a run without tests', () => {
    expect(faultsOf({ ...GOOD, testFiles: 0 })).toEqual(['no test ran']);
  });

  it('refuses test files that fail without a mutation', () => {
    expect(faultsOf({ ...GOOD, failingFiles: 1 })).toHaveLength(1);
  });
});
