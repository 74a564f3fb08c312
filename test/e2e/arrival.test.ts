import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { RECEIPT } from '../../src/transfer/documents/schemas.ts';
import type { ListForm } from '../sandbox/list-forms.ts';
import { expectRed } from './red.ts';
import { documentAt, shownIds, smallImage } from './scene.ts';
import {
  genuinely,
  handOver,
  openGrounds,
  preparePrey,
  replaceBoth,
  steps,
  strange,
  type Grounds,
  type Prey,
} from './stowaway/grounds.ts';

let grounds: Grounds;

beforeAll(async () => {
  grounds = await openGrounds();
});

afterAll(async () => {
  await grounds.close();
});

const listAs = (importedArtifacts: ListForm, alsoListed: readonly string[] = []) =>
  grounds.sandbox.settings('target', { runs: { importedArtifacts, alsoListed: [...alsoListed] } });

afterEach(async () => {
  await listAs('references');
});

/** Adds a foreign artifact to the blob, and changes size and MD5 in the manifest. */
async function plantStowaway(prey: Prey): Promise<void> {
  await handOver(prey);
  await replaceBoth(prey, [genuinely(prey), strange(prey)]);
}

describe('what an import brings', () => {
  it('A2: fails and names an artifact that the manifest lacks, until it is removed by the command', async () => {
    const prey = await preparePrey(grounds, 'stowaway');
    await plantStowaway(prey);
    const result = await steps(prey).import();

    expectRed(result, ['ACRT6007']);
    const { digest } = prey.foreign.manifest;
    const remove = `az acr repository delete --name sandboxtarget --image foreign/stowaway@${digest} --yes`;
    const extra = {
      reference: prey.foreignLine,
      digest,
      blob: expect.stringMatching(/^prey-stowaway-/) as unknown as string,
    };
    expect(documentAt(REPORT, result.outputs['report']).extra).toEqual([{ ...extra, removeCommand: remove }]);
    expect(documentAt(RECEIPT, result.outputs['receipt']).extra).toEqual([extra]);
    expect(result.outputs).toMatchObject({ status: 'partial', extra: JSON.stringify([prey.foreignLine]) });
    for (const text of [result.log, result.summary]) {
      expect(text).toContain(prey.foreignLine);
      expect(text).toContain(remove);
    }

    await grounds.remove('target', prey.foreignRepository);
    const again = await steps(prey).import();
    expect(shownIds(again)).toEqual([]);
    expect(again.outputs).toMatchObject({ status: 'nothing-to-do', extra: '[]' });
  });

  it('A1: warns of an entry that it cannot resolve (ACRT6008), and does not fail', async () => {
    const prey = await preparePrey(grounds, 'unresolved');
    await listAs('references', ['not an artifact', 'nothing/here:v1']);
    const result = await steps(prey).full();

    expect(shownIds(result)).toEqual([]);
    const [warning = ''] = documentAt(REPORT, result.outputs['report']).warnings;
    expect(warning).toContain('ACRT6008');
    expect(warning).toContain('not an artifact');
    expect(warning).toContain('nothing/here:v1');
    expect(result.summary).toContain('ACRT6008');
  });

  it('A1: without a list, warns of tags that were added meanwhile (ACRT6009)', async () => {
    const prey = await preparePrey(grounds, 'unlisted');
    await listAs('absent');
    await grounds.push('target', prey.repository, { old: await smallImage('old') });
    await grounds.sandbox.settings('target', { runs: { seconds: [3] } });
    let pushed: Promise<unknown> | null = null;
    const others = await smallImage('pushed by others');
    const result = await steps(prey).full(
      {},
      {
        onLine: (line) => {
          if (line.includes('import →')) pushed ??= grounds.push('target', prey.repository, { theirs: others });
        },
      },
    );
    await grounds.sandbox.settings('target', { runs: { seconds: [0] } });
    await (pushed as Promise<unknown> | null);

    expect(shownIds(result)).toEqual([]);
    const { warnings, extra } = documentAt(REPORT, result.outputs['report']);
    expect(warnings).toEqual([expect.stringContaining('ACRT6009')]);
    expect(warnings[0]).toContain(`${prey.repository}:theirs`);
    expect(warnings[0]).not.toContain(`${prey.repository}:old`);
    expect(extra).toEqual([]);
  });

  it('A1: says what is checked when there is no manifest', async () => {
    const prey = await preparePrey(grounds, 'named');
    const { name } = await handOver(prey);
    const result = await grounds.step({ ...grounds.inputsOf('target'), mode: 'import', blobs: name });

    expect(shownIds(result)).toEqual([]);
    expect(result.log).toContain('Without a transfer manifest, what this blob contains is not compared with a plan.');
  });
});
