import { describe, expect, it } from '@jest/globals';
import { updateText } from '../../../../src/transfer/documents/store.ts';
import { memoryContainer } from '../ports/blob-container.fixture.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';

/** Updates a document that other workflows write in the meantime, a number of times. */
async function update(conflicts: number): Promise<{ readonly attempts: number; readonly id: string | null }> {
  let attempts = 0;
  const container = {
    ...memoryContainer('https://source/transfer'),
    replaceText: () => Promise.resolve((attempts += 1) > conflicts),
  };
  const context = { clock: fakeClock(), signal: unlimited() };
  const failure: unknown = await updateText(container, 'document.json', () => Promise.resolve('{}'), context).catch(
    (error: unknown) => error,
  );
  return { attempts, id: (failure as { facts?: { id: string } } | undefined)?.facts?.id ?? null };
}

describe('updateText', () => {
  it.each([
    { conflicts: 0, attempts: 1, id: null },
    { conflicts: 31, attempts: 32, id: null },
    { conflicts: 32, attempts: 32, id: 'ACRT5005' },
  ])('writes again after each of $conflicts conflicts, in at most 32 attempts', async ({ conflicts, attempts, id }) => {
    expect(await update(conflicts)).toEqual({ attempts, id });
  });
});
