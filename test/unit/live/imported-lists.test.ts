import { describe, expect, it } from '@jest/globals';
import { addCounts, countLists, listText } from '../../live/imported-lists.ts';

const DONE = '✓ batch 1 of 1 · import done in 3 s';

describe('the count of lists of imported artifacts', () => {
  it.each([
    { name: 'a complete list', log: DONE, count: { imports: 1, complete: 1 } },
    { name: 'no import', log: '✓ batch 1 of 1 · export done in 3 s', count: { imports: 0, complete: 0 } },
    {
      name: 'no list',
      log: `  batch 1 of 1 · The service did not list what it imported. The tags were compared.\n${DONE}`,
      count: { imports: 1, complete: 0 },
    },
    {
      name: 'a list without tags',
      log: `  batch 1 of 1 · The service did not list the tags that it imported. No tag changed.\n${DONE}`,
      count: { imports: 1, complete: 0 },
    },
    {
      name: 'an entry that cannot be resolved',
      log: `${DONE}\n::warning::ACRT6008 The list can't be fully compared`,
      count: { imports: 1, complete: 0 },
    },
    {
      name: 'something that is not planned',
      log: `${DONE}\n::error title=ACRT6007 Artifacts::The import of a.tar brought 2 artifacts that aren't planned`,
      count: { imports: 1, complete: 0 },
    },
  ])('counts $name', ({ log, count }) => {
    expect(countLists(log)).toEqual(count);
  });

  it('adds up, and says what came of it', () => {
    const sum = addCounts({ imports: 2, complete: 1 }, { imports: 3, complete: 3 });

    expect(listText(sum)).toBe("the service's list of imported artifacts was complete in 4 of 5 imports");
  });
});
