import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { workflowProvenance } from '../../../../src/action/runner/environment.ts';

let before: NodeJS.ProcessEnv;

beforeEach(() => {
  before = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('GITHUB_')) Reflect.deleteProperty(process.env, name);
  }
});

afterEach(() => {
  process.env = before;
});

const set = (values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) process.env[`GITHUB_${name}`] = value;
};

describe('workflowProvenance', () => {
  it('is null outside of a workflow run', () => {
    expect(workflowProvenance()).toBeNull();
  });

  it('is the attempt of the run', () => {
    set({
      REPOSITORY: 'contoso/shop',
      SHA: 'abc',
      WORKFLOW: 'nightly',
      SERVER_URL: 'https://github.contoso.com',
      RUN_ID: '7',
      RUN_ATTEMPT: '3',
      ACTOR: 'octocat',
    });
    expect(workflowProvenance()).toEqual({
      repository: 'contoso/shop',
      commit: 'abc',
      workflow: 'nightly',
      run: 'https://github.contoso.com/contoso/shop/actions/runs/7/attempts/3',
      actor: 'octocat',
    });
  });

  it('is the first attempt on GitHub.com by default', () => {
    set({ REPOSITORY: 'contoso/shop', RUN_ID: '7' });
    expect(workflowProvenance()).toEqual({
      repository: 'contoso/shop',
      commit: '',
      workflow: '',
      run: 'https://github.com/contoso/shop/actions/runs/7/attempts/1',
      actor: '',
    });
  });
});
