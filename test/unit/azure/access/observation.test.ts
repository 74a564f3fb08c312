import { describe, expect, it } from '@jest/globals';
import { notObserved, observe } from '../../../../src/azure/access/observation.ts';
import { ok } from '../../../../src/transfer/errors/index.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

describe('notObserved', () => {
  it.each([
    {
      name: 'the first sentence',
      text: "AuthorizationFailed: The client 'c' may not read over scope '/s/a.b'. If access was granted, refresh.",
      why: "AuthorizationFailed: The client 'c' may not read over scope '/s/a.b'.",
    },
    { name: 'one line', text: 'Caller is not\r\nauthorized.\r\nCaller: oid=1', why: 'Caller is not authorized.' },
    { name: 'a text that is not a sentence', text: 'HTTP 403', why: 'HTTP 403' },
    { name: 'no secret', text: 'refused: ?sv=1&sig=abc%2Fdef&sp=r', why: 'refused: ?sv=1&sig=***&sp=r' },
  ])('keeps $name', ({ text, why }) => {
    expect(notObserved(text)).toEqual({ ok: false, problem: why });
  });

  it('limits the length', () => {
    expect(notObserved('word '.repeat(100_000))).toEqual({ ok: false, problem: expect.stringMatching(/^.{1,601}$/) });
  });
});

describe('observe', () => {
  it('returns a successful observation', async () => {
    expect(await observe(() => Promise.resolve(ok(1)))).toEqual({ ok: true, value: 1 });
  });

  const aborted = new Error('The operation was aborted.');
  aborted.name = 'AbortError';

  it.each([
    { name: 'an error', error: new Error('no such host'), why: 'no such host' },
    { name: 'a TransferError', error: transferError('ACRT2005', { host: 'h', reason: 'cut' }), why: /\bh\b.*cut/ },
    { name: 'a timeout', error: aborted, why: 'no response in time' },
  ])('reports the reason of $name', async ({ error, why }) => {
    expect(await observe(() => Promise.reject(error))).toEqual({ ok: false, problem: expect.stringMatching(why) });
  });
});
