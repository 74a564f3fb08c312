import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { docsUrl } from '../../../../src/action/report/links.ts';

const NAMES = ['GITHUB_ACTION_REPOSITORY', 'GITHUB_ACTION_REF', 'GITHUB_SERVER_URL'] as const;

let before: NodeJS.ProcessEnv;

beforeEach(() => {
  before = { ...process.env };
  process.env['GITHUB_ACTION_REPOSITORY'] = 'contoso/acr-transfer';
  process.env['GITHUB_ACTION_REF'] = 'release/v1';
  process.env['GITHUB_SERVER_URL'] = 'https://github.contoso.com';
});

afterEach(() => {
  process.env = before;
});

describe('docsUrl', () => {
  it('points to the version of the running action', () => {
    expect(docsUrl('ACRT3001')).toBe(
      'https://github.contoso.com/contoso/acr-transfer/blob/release%2Fv1/docs/errors.md#acrt3001',
    );
  });

  it('points to GitHub.com by default', () => {
    Reflect.deleteProperty(process.env, NAMES[2]);
    expect(docsUrl('ACRT3001')).toMatch(/^https:\/\/github\.com\/contoso\//);
  });

  it.each(NAMES.slice(0, 2))('is null without %s', (name) => {
    process.env[name] = '';
    expect(docsUrl('ACRT3001')).toBeNull();
    Reflect.deleteProperty(process.env, name);
    expect(docsUrl('ACRT3001')).toBeNull();
  });
});
