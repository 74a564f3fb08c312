/** A thousand artifacts, approved once, by jobs side by side. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/transfer/documents/codec.ts';
import { MANIFEST } from '../../../src/transfer/documents/schemas.ts';
import { smallImage } from '../../e2e/scene.ts';
import { failuresOf, jobOf, legsOf } from '../../workflows/result.ts';
import { openStage, type Stage } from '../../workflows/samples/stage.ts';

const REPOSITORIES = 20;
const TAGS = 50;
const RUN = '9000';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

async function fill(): Promise<void> {
  for (let repository = 0; repository < REPOSITORIES; repository += 1) {
    const name = `thousand/app-${repository}`;
    const tags = Array.from({ length: TAGS }, (_, tag) => `v${tag}`);
    const images = await Promise.all(tags.map(async (tag) => [tag, await smallImage(`${name}:${tag}`)] as const));
    await stage.scene.push('source', name, Object.fromEntries(images));
  }
}

it('a thousand artifacts fan out over jobs, and end in one summary and one manifest', async () => {
  await fill();
  let asked = 0;
  const run = await stage.run('manual.yml', {
    runId: RUN,
    inputs: { artifacts: 'thousand/*:*' },
    approve: ({ environment }) => environment === 'azure' || (asked += 1) === 1,
  });
  expect(failuresOf(run)).toEqual([]);
  expect(asked).toBe(1);
  expect(legsOf(run, 'transfer / transfer')).toHaveLength((REPOSITORIES * TAGS) / 50);
  const { outputs } = jobOf(run, 'transfer');
  expect(outputs).toMatchObject({ status: 'succeeded', selected: '1000', transferred: '1000', failed: '0' });
  expect(jobOf(run, 'transfer / report').summary).toContain('1000 of 1000 artifacts transferred');

  const documents = join(stage.folder, 'artifacts', RUN, 'files', outputs['documents'] ?? '');
  const manifests = readdirSync(documents).filter((name) => name.endsWith('.transfer.json'));
  expect(manifests).toHaveLength(1);
  const path = join(documents, manifests[0] ?? '');
  const { batches, missing } = readDocument(MANIFEST, readFileSync(path, 'utf8'), path);
  expect(batches.flatMap(({ artifacts }) => artifacts)).toHaveLength(1000);
  expect(missing).toEqual([]);
});
