import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { expect } from '@jest/globals';
import { contextOf, createCloudState } from '../../cloud-state.ts';
import type { CloudState } from '../../cloud-state.ts';
import { startEntra } from '../../entra/index.ts';
import { send } from '../../request.ts';
import { createAuthority } from '../../tls.ts';
import { startVault, VAULT_AUDIENCE } from '../../vault.ts';
import { jsonOf, membersOf, normalise } from '../answers.ts';
import type { Answer } from '../answers.ts';
import type { Compare, Comparisons } from '../compared.ts';

/** A vault and the directory that it trusts. */
interface VaultCloud {
  readonly state: CloudState;
  /** Requests a secret, with a principal's token or without one. */
  readonly ask: (principalId?: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

async function open(): Promise<VaultCloud> {
  const authority = await createAuthority('vault test');
  const state = createCloudState();
  const context = contextOf({ side: 'source', authority, tenantId: randomUUID(), folder: tmpdir() }, state);
  const resources = (): readonly string[] => [VAULT_AUDIENCE];
  const entra = await startEntra(context, { applications: [], managedIdentities: [], identityHeader: '', resources });
  const vault = await startVault(context, entra);
  vault.setSecret('secret1', 'value');
  return {
    state,
    ask: async (principalId) => {
      const token = principalId === undefined ? null : await entra.mintFor(principalId, VAULT_AUDIENCE);
      const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      return send(`${vault.origin}/secrets/secret1?api-version=7.4`, { ca: authority.certificate, headers });
    },
    close: async () => {
      await Promise.all([vault.close(), entra.close()]);
    },
  };
}

interface Refused {
  readonly error: { readonly message: string };
}

/** The words of a message without names, by line. */
const linesOf = (body: unknown): readonly string[] =>
  normalise((body as Refused).error.message)
    .replaceAll(/appid=[^;]*;oid=[^;]*;/g, 'CALLER;')
    .replaceAll(/'CALLER;[^']*'/g, "'CALLER'")
    .replaceAll(/[\w-]+;location=\w+/g, 'VAULT')
    .split('\r\n');

/** A refusal in the words of the fact. Here, it is about a secret. */
const refused =
  (authorization: 'rbac' | 'policies', leftOut: RegExp | null): Compare<VaultCloud> =>
  async (fact, cloud) => {
    cloud.state.patch({ vault: { authorization } });
    const answer = await cloud.ask('stranger');
    expect([answer.status, membersOf(jsonOf(answer))]).toEqual([fact.status, membersOf(fact.body)]);
    const recorded = linesOf(fact.body).filter((line) => leftOut?.test(line) !== true);
    expect(linesOf(jsonOf(answer))).toEqual(recorded.map((line) => line.replace('keys get', 'secrets get')));
    expect(jsonOf(answer)).toMatchObject({
      error: { innererror: (fact.body as { error: { innererror: object } }).error.innererror },
    });
  };

const challengeOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  String(headers['www-authenticate']).replace(/authorization="[^"]*"/, 'authorization="AUTHORITY"');

/** A key vault. */
export const keyVault: Comparisons<VaultCloud> = {
  open,
  close: (cloud) => cloud.close(),
  facts: {
    // The challenge is the same for keys and secrets.
    'kv-keys-POST-create-401-challenge': async (fact, cloud) => {
      const answer = await cloud.ask();
      expect([answer.status, answer.body, challengeOf(answer)]).toEqual([fact.status, fact.text, challengeOf(fact)]);
    },
    'kv-keys-GET-403-Forbidden-accesspolicy': refused('policies', null),
    'kv-secrets-GET-403-ForbiddenByRbac-issue': refused('rbac', /^Resource: /),
  },
};
