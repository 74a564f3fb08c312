import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLeaks, findUnmasked } from './leaks.ts';
import { sideInputs, type Inputs, type SignIn, type StepOptions, type StepResult } from './runner.ts';
import { openScene, secretsOf, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

interface Told {
  readonly result: StepResult;
  /** Secrets that the step was the first to send to the clouds. */
  readonly shown: readonly string[];
}

async function tell(name: string, inputs: Inputs, options: Partial<Omit<StepOptions, 'folder'>> = {}): Promise<Told> {
  const artifacts = await scene.push('source', `secrets/${name}`, { v1: await smallImage(name) });
  const before = new Set(await secretsOf(scene.sandbox));
  const result = await scene.step(
    { mode: 'full', artifacts: artifacts.join('\n'), 'transfer-name': name, ...inputs },
    options,
  );
  return { result, shown: (await secretsOf(scene.sandbox)).filter((secret) => !before.has(secret)) };
}

/** A runner has the identity of one cloud at most. */
const by = (signIn: SignIn): Inputs => ({
  ...sideInputs('source', scene.clouds, signIn),
  ...sideInputs('target', scene.clouds, signIn === 'secret' ? 'secret' : 'oidc'),
});

function identity(): Readonly<Record<string, string>> {
  const { endpoint, header } = scene.clouds.source.managedIdentity;
  return { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
}

describe('a secret', () => {
  const secret = 'sv=2026&sig=aB%2Fc+d/e==~Xyz"0123';

  it.each([
    { form: 'as it is', text: secret },
    { form: 'in a URL', text: encodeURIComponent(secret) },
    { form: 'in a URL within a URL', text: encodeURIComponent(encodeURIComponent(secret)) },
    { form: 'in JSON', text: JSON.stringify({ secret }) },
    { form: 'in base64', text: Buffer.from(secret).toString('base64') },
    { form: 'in base64, after something', text: Buffer.from(`user:${secret}`).toString('base64') },
    { form: 'in base64, after something else', text: Buffer.from(`me:${secret}@`).toString('base64') },
  ])('is found $form', ({ text }) => {
    expect(findLeaks({ log: `… ${text} …` }, [secret])).toHaveLength(1);
    expect(findLeaks({ log: text.slice(1).toUpperCase() }, [secret])).toEqual([]);
  });

  // The search itself is part of every step that an e2e test runs: a leak makes it throw.
  it.each(['oidc', 'secret', 'managed-identity'] as const)('is masked before it is used (%s)', async (signIn) => {
    const { result, shown } = await tell(`by-${signIn}`, by(signIn), {
      env: signIn === 'managed-identity' ? identity() : {},
    });

    expect(shownIds(result)).toEqual([]);
    expect(shown.length).toBeGreaterThan(3);
    expect(findUnmasked(result.log, shown)).toEqual([]);
  });

  it('is in no log of the SDKs either, at their most verbose level', async () => {
    const { result } = await tell('verbose', by('secret'), { env: { AZURE_LOG_LEVEL: 'verbose' } });

    expect(result.exitCode).toBe(0);
    expect(result.log).toContain('azure:');
  });

  it('is not in the message of a refusal', async () => {
    const wrong = 'canary~0123456789~canary~wrong-secret';
    const { result } = await tell('wrong', { ...by('secret'), 'source-client-secret': wrong });

    expect(result.exitCode).toBe(1);
    expect(findLeaks({ log: result.log.replace(/^::add-mask::.*$/gm, ''), summary: result.summary }, [wrong])).toEqual(
      [],
    );
  });
});
