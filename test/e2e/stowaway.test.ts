/** A sample of `npm run show -- stowaway`: another one each day, all of them nightly. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHOICE, CHOICE_TEXT, few, type Choice } from '../tier.ts';
import { openGrounds, type Grounds } from './stowaway/grounds.ts';
import { alarmsOf, LEGITIMATE } from './stowaway/legitimate.ts';
import { tryWay } from './stowaway/try-way.ts';
import { DOCUMENTS, STOWAWAYS } from './stowaway/ways-contents.ts';
import { BEFORE_RUN, DURING_RUN } from './stowaway/ways-swaps.ts';

let grounds: Grounds;

beforeAll(async () => {
  grounds = await openGrounds();
});

afterAll(async () => {
  await grounds.close();
});

const numbered = <Item extends object>(items: readonly Item[], most: number, choice: Choice = CHOICE) =>
  few(
    items.map((item, index) => ({ ...item, index })),
    most,
    choice,
  );

describe.each([
  { row: 'A1, A3, A4', id: 'before', kind: 'before anything is imported', ways: BEFORE_RUN, most: 2 },
  { row: 'A4', id: 'during', kind: 'while the run reads the blob', ways: DURING_RUN, most: 1 },
  { row: 'A2', id: 'with', kind: 'together with the manifest', ways: STOWAWAYS, most: 2 },
  { row: 'A5', id: 'document', kind: 'by a document', ways: DOCUMENTS, most: 1 },
])(`$row: something else, $kind (${CHOICE_TEXT})`, ({ id, ways, most }) => {
  it.each(numbered(ways, most))('is caught: $name', async (way) => {
    expect(await tryWay(grounds, way, `${id}-${way.index}`)).toMatchObject({ caught: true, green: false });
  });
});

describe(`A1: a transfer that is in order (${CHOICE_TEXT})`, () => {
  it.each(numbered(LEGITIMATE, 4))('raises no alarm: $name ($index)', async ({ run, index }) => {
    expect(alarmsOf(await run(grounds, `legitimate-${index}`))).toEqual([]);
  });
});
