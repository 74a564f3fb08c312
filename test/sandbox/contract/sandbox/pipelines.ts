import { expect } from '@jest/globals';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import { factOf, factsOf } from '../../../fixtures/contract/facts.ts';
import { sameArmAnswer } from '../answers.ts';
import { each } from '../compared.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armScene, repeat } from './arm.ts';

const names = factsOf('pipelines').map(({ name }) => name);

/** GET and DELETE of the pipeline that the PUT has created. */
const madeBy = (name: string) => factOf('pipelines', name.replace(/^(?:GET|DELETE)-/, 'PUT-'));

const OLD_PUT = 'PUT-exportPipeline-2021-12-01-preview-200';

const put: Compare<ArmCloud> = async (fact, cloud) => {
  const answer = await repeat(cloud, fact);
  sameArmAnswer(answer, fact);
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)));
};

const afterPut: Compare<ArmCloud> = async (fact, cloud) => {
  await repeat(cloud, madeBy(fact.name));
  const answer = await repeat(cloud, fact);
  sameArmAnswer(answer, fact);
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)));
};

/** Export and import pipelines. */
export const pipelines: Comparisons<ArmCloud> = {
  ...armScene,
  facts: {
    ...each(
      names.filter((name) => /^PUT-.*-200$/.test(name)),
      put,
    ),
    ...each(
      names.filter((name) => /^(?:GET|DELETE)-.*Assigned-200$/.test(name)),
      afterPut,
    ),
    'LIST-exportPipelines-200': async (fact, cloud) => {
      await repeat(cloud, factOf('pipelines', OLD_PUT));
      sameArmAnswer(await repeat(cloud, fact), fact);
    },
    'LIST-importPipelines-empty-200': async (fact, cloud) => {
      const { method, path } = factOf('pipelines', 'DELETE-importPipeline-mi-systemAssigned-200');
      await repeat(cloud, { ...fact, method, path });
      sameArmAnswer(await repeat(cloud, fact), fact);
    },
    'DELETE-exportPipeline-200': async (fact, cloud) => {
      await repeat(cloud, factOf('pipelines', OLD_PUT));
      sameArmAnswer(await repeat(cloud, fact), fact);
    },
    'DELETE-exportPipeline-missing-204': async (fact, cloud) => {
      await repeat(cloud, fact);
      const answer = await repeat(cloud, fact);
      sameArmAnswer(answer, fact);
      expect(answer.headers['content-length']).toBeUndefined();
    },
  },
};
