import { describe, expect, it } from '@jest/globals';
import { deadlineError, withDeadline } from '../../../../src/transfer/resilience/deadline.ts';

const forever = (): Promise<never> => new Promise(() => undefined);

const over = (name: string): AbortSignal => AbortSignal.abort(new DOMException('over', name));

describe('withDeadline', () => {
  it('returns the result of the work, and removes its listener', async () => {
    const controller = new AbortController();

    expect(await withDeadline(controller.signal, () => Promise.resolve('done'))).toBe('done');
    await expect(withDeadline(controller.signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    controller.abort();
  });

  it('rejects when the signal aborts', async () => {
    const controller = new AbortController();
    const waiting = withDeadline(controller.signal, forever);
    controller.abort(new Error('over'));

    await expect(waiting).rejects.toThrow('over');
    await expect(withDeadline(controller.signal, forever)).rejects.toThrow('over');
  });

  it('waits for the grace period after the signal aborts', async () => {
    const controller = new AbortController();
    const soon = withDeadline(controller.signal, () => new Promise((resolve) => setTimeout(resolve, 20, 'done')), 10);
    controller.abort();

    expect(await soon).toBe('done');
  });
});

describe('deadlineError', () => {
  it.each([
    { name: 'TimeoutError', id: 'ACRT4003', says: '7 min' },
    { name: 'AbortError', id: 'ACRT4023', says: 'canceled' },
  ])('converts $name to $id', ({ name, id, says }) => {
    const { facts } = deadlineError('The export of a.tar', { signal: over(name), timeoutMinutes: 7 });

    expect(facts.id).toBe(id);
    expect(facts.message).toContain('The export of a.tar');
    expect(facts.message).toContain(says);
  });
});
