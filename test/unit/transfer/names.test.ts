import { describe, expect, it } from '@jest/globals';
import {
  historyName,
  isTransferName,
  MANIFEST_ENDING,
  manifestName,
  planName,
  RECEIPT_ENDING,
  receiptName,
} from '../../../src/transfer/names.ts';

describe('names of documents', () => {
  it('begin with the transfer, and never meet', () => {
    const names = [manifestName, receiptName, planName].map((nameOf) => nameOf('team/nightly'));

    expect(names.every((name) => name.startsWith('team/nightly.'))).toBe(true);
    expect(new Set([...names, historyName('team/nightly')]).size).toBe(4);
  });

  it('end as those who list them expect', () => {
    expect(manifestName('nightly').endsWith(MANIFEST_ENDING)).toBe(true);
    expect(receiptName('nightly').endsWith(RECEIPT_ENDING)).toBe(true);
    expect([planName('nightly'), historyName('x')].some((name) => name.endsWith(MANIFEST_ENDING))).toBe(false);
  });

  it('of a share are names of transfers too', () => {
    expect(isTransferName('team/nightly.2-of-5')).toBe(true);
  });
});
