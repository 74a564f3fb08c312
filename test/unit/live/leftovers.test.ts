import { describe, expect, it } from '@jest/globals';
import { removeMade, type MadeAt } from '../../live/leftovers.ts';

const MADE = { repositories: new Set(['live/a', 'live/b']), runs: new Set(['export1']), blobs: 'live-mark-' };

/** A side on which some resources can't be removed. Records the removed ones. */
function side(refused: readonly string[]): { readonly at: MadeAt; readonly gone: string[] } {
  const gone: string[] = [];
  const remove = (name: string): Promise<boolean> => {
    if (refused.includes(name)) return Promise.reject(new Error('403'));
    gone.push(name);
    return Promise.resolve(true);
  };
  const names = ['live-mark-x.tar', 'live-mark-x.transfer.json', 'live-other-x.tar', 'nightly.tar'];
  const container = {
    uri: 'https://account/container',
    list: () => (refused.includes('list') ? Promise.reject(new Error('403')) : Promise.resolve(names)),
    find: () => Promise.resolve({ etag: '1' }),
    remove,
  };
  const content = { deleteRepository: remove, close: () => gone.push('closed') };
  const parts = { pipeline: { registry: 'nearby' }, content: () => content, container, archive: { remove } };
  return { at: parts as unknown as MadeAt, gone };
}

describe('leftovers of a run of the live suite', () => {
  it('is removed, and nothing else', async () => {
    const { at, gone } = side([]);
    expect(await removeMade(MADE, at)).toEqual([]);
    expect(gone).toEqual(['live/a', 'live/b', 'live-mark-x.tar', 'live-mark-x.transfer.json', 'export1', 'closed']);
  });

  it('is removed as far as it may be, with a line for each thing that stays', async () => {
    const { at, gone } = side(['live/a', 'live-mark-x.tar', 'export1']);
    expect(await removeMade(MADE, at)).toEqual([
      'nearby: repository live/a stays: 403',
      'https://account/container: blob live-mark-x.tar stays: 403',
      'nearby: pipeline run export1 stays: 403',
    ]);
    expect(gone).toEqual(['live/b', 'live-mark-x.transfer.json', 'closed']);
  });

  it('is reported by its mark if blobs cannot even be listed', async () => {
    const { at } = side(['list']);
    expect(await removeMade(MADE, at)).toEqual(['blobs live-mark-* in https://account/container stay: 403']);
  });
});
