import { describe, expect, it } from '@jest/globals';
import { describeSelection } from '../../../../src/transfer/selection/describe.ts';
import { parseSelection } from '../../../../src/transfer/selection/parse.ts';

const describeText = (text: string): readonly string[] => describeSelection(parseSelection(text).lines);

describe('describeSelection', () => {
  it('says in columns what is selected, and then what is left out', () => {
    const text = [
      '!team/*/api:*-rc*',
      'samples/hello-world',
      `samples/nginx@sha256:${'0a2e'.repeat(16)}`,
      'team/api:* newest=5 pushed-within=30d semver=>=1.2,<2',
      'team/*/api:v1.* pushed-within=12h newest=1 optional',
    ].join('\n');

    expect(describeText(text)).toEqual([
      'select     samples/hello-world  :latest',
      'select     samples/nginx        @sha256:0a2e0a2e0a2e…',
      'select     team/api             :*                     versions >=1.2 <2, pushed within 30 days, the 5 newest',
      'select     team/*/api           :v1.*                  pushed within 12 hours, the newest, may match nothing',
      'leave out  team/*/api           :*-rc*',
    ]);
  });

  it('lets one long name stand out of its column', () => {
    const [short] = describeText(`a:* newest=2\n${'b'.repeat(200)}:1`);

    expect(short).toBe(`select  ${'a'.padEnd(40)}  :*  the 2 newest`);
  });

  it('says nothing of nothing', () => {
    expect(describeSelection([])).toEqual([]);
  });
});
