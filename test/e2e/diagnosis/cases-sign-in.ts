/** Tokens and audiences. */
import { randomUUID } from 'node:crypto';
import { asTheyAre, type Misconfiguration } from './case.ts';

/** See {@link Misconfiguration}. */
export const SIGN_IN_CASES: readonly Misconfiguration[] = [
  {
    name: 'the tenant does not exist',
    rule: 'refusals of Entra',
    id: 'ACRT2006',
    verdict: 'error',
    remedy: 'source-tenant-id',
    arrange: asTheyAre,
    inputs: () => ({ 'source-tenant-id': randomUUID() }),
  },
  {
    name: 'the application is not in this tenant',
    rule: 'refusals of Entra',
    id: 'ACRT2007',
    verdict: 'error',
    remedy: 'source-client-id',
    arrange: asTheyAre,
    inputs: () => ({ 'source-client-id': randomUUID() }),
  },
  {
    name: 'the client secret is wrong',
    rule: 'refusals of Entra',
    id: 'ACRT2008',
    verdict: 'error',
    remedy: 'target-client-secret',
    arrange: asTheyAre,
    inputs: () => ({ 'target-client-secret': 'not-the-secret-of-this-application' }),
  },
  {
    name: 'the audience of the id-token is not that of the federated credential',
    rule: 'refusals of Entra',
    id: 'ACRT2009',
    verdict: 'error',
    remedy: 'audience',
    arrange: asTheyAre,
    inputs: () => ({ 'target-audience': 'api://AnotherRepository' }),
  },
  {
    name: 'the job may not ask for an id-token',
    rule: 'credentials',
    id: 'ACRT2002',
    verdict: 'error',
    remedy: 'id-token: write',
    arrange: asTheyAre,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
  },
  {
    name: 'there is no credential at all',
    rule: 'credentials',
    id: 'ACRT2003',
    verdict: 'error',
    remedy: 'source-tenant-id',
    arrange: asTheyAre,
    inputs: () => ({ 'source-tenant-id': '', 'source-client-id': '' }),
  },
  {
    name: 'the cloud is none',
    rule: 'cloud',
    id: 'ACRT2004',
    verdict: 'error',
    remedy: 'az cloud show',
    arrange: asTheyAre,
    inputs: ({ clouds }) => ({ 'source-cloud': clouds.source.entra }),
  },
];
