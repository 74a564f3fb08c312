import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomContent } from '../seed.ts';
import { CHOICE_TEXT, onePerRule } from '../tier.ts';
import { openHandoffScene, type HandoffScene } from './handoff.fixture.ts';
import { shownIds } from './scene.ts';

const randomBytes = randomContent('faulty');

const MEBIBYTE = 1024 * 1024;

const FAULTS = [
  {
    name: 'a bit that turns over on the way down',
    kind: 'damage',
    side: 'source',
    rule: {
      method: 'GET',
      path: 'faulty',
      times: 2,
      fault: { kind: 'flip', within: { body: 'answer', after: 70_000 } },
    },
  },
  {
    name: 'a bit that turns over on the way up',
    kind: 'damage',
    side: 'target',
    rule: {
      method: 'PUT',
      path: 'comp=block&',
      times: 2,
      fault: { kind: 'flip', within: { body: 'request', after: 9 } },
    },
  },
  {
    name: 'a connection that is cut within an answer',
    kind: 'cut',
    side: 'source',
    rule: {
      method: 'GET',
      path: 'faulty',
      times: 3,
      fault: { kind: 'cut', within: { body: 'answer', after: 70_000 } },
    },
  },
  {
    name: 'a connection that is cut within a block',
    kind: 'cut',
    side: 'target',
    rule: {
      method: 'PUT',
      path: 'comp=block&',
      times: 2,
      fault: { kind: 'cut', within: { body: 'request', after: 1000 } },
    },
  },
  {
    name: 'a service that is busy',
    kind: 'refusal',
    side: 'target',
    rule: {
      method: 'PUT',
      path: 'comp=block',
      times: 3,
      fault: { kind: 'answer', status: 503, headers: { 'retry-after': '1', 'x-ms-error-code': 'ServerBusy' } },
    },
  },
  {
    name: 'a source that fails',
    kind: 'refusal',
    side: 'source',
    rule: { method: 'GET', path: 'faulty', times: 3, fault: { kind: 'answer', status: 500 } },
  },
  {
    name: 'a commit whose answer is lost',
    kind: 'commit',
    side: 'target',
    rule: {
      method: 'PUT',
      path: 'comp=blocklist',
      times: 1,
      fault: { kind: 'cut', within: { body: 'answer', after: 0 } },
    },
  },
] as const;

let scene: HandoffScene;

beforeAll(async () => {
  scene = await openHandoffScene();
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  await scene.calm();
});

describe(`temporary faults (${CHOICE_TEXT})`, () => {
  // Three blocks.
  const bytes = randomBytes(8 * MEBIBYTE + 1);

  it.each(onePerRule(FAULTS, ({ kind }) => kind))('is $name', async ({ name, side, rule }) => {
    const blob = `faulty/${name}.tar`;
    await scene.containers.put('source', blob, bytes);
    await scene.addFault(side, rule);
    const result = await scene.step(scene.bySas([blob], { 'handoff-method': 'stream' }));
    expect(shownIds(result)).toEqual([]);
    await scene.expectArrived(blob, bytes);
  });

  it('is a bit that flips between the storage accounts', async () => {
    await scene.containers.put('source', 'faulty/pulled.tar', bytes);
    const fault = { kind: 'flip', within: { body: 'answer', after: 5000 } } as const;
    await scene.addFault('source', { method: 'GET', path: 'faulty/pulled', times: 1, fault });
    const result = await scene.step(scene.bySas(['faulty/pulled.tar'], { 'handoff-method': 'server' }));
    expect(shownIds(result)).toEqual([]);
    await scene.expectArrived('faulty/pulled.tar', bytes);
  });

  it('is refused if it is damaged in every attempt, and nothing appears', async () => {
    await scene.containers.put('source', 'faulty/never.tar', bytes);
    const fault = { kind: 'flip', within: { body: 'answer', after: 5000 } } as const;
    await scene.addFault('source', { method: 'GET', path: 'faulty/never', times: 1000, fault });
    const result = await scene.step(scene.bySas(['faulty/never.tar'], { 'handoff-method': 'stream' }));
    expect(shownIds(result)).toEqual(['ACRT5011']);
    expect(await scene.containers.get('target', 'faulty/never.tar')).toBeNull();
  });
});
