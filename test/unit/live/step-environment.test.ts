import { describe, expect, it } from '@jest/globals';
import { stepEnvironment } from '../../live/step-environment.ts';

const MACHINE = {
  HTTPS_PROXY: 'http://proxy',
  no_proxy: 'localhost',
  NODE_EXTRA_CA_CERTS: '/ca.pem',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://example.com',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token',
  AZURE_CLIENT_SECRET: 'secret',
  AZURE_CONFIG_DIR: '/elsewhere',
  LIVE_SOURCE_CLIENT_SECRET: 'another',
  NODE_OPTIONS: '--experimental-vm-modules',
};

const NETWORK = ['HTTPS_PROXY', 'no_proxy', 'NODE_EXTRA_CA_CERTS'];

describe('the environment of a live step', () => {
  it.each([
    { signIn: 'oidc', more: ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] },
    { signIn: 'secret', more: [] },
    { signIn: 'environment', more: ['AZURE_CLIENT_SECRET', 'AZURE_CONFIG_DIR'] },
  ] as const)('holds the network and what $signIn needs, and nothing else', ({ signIn, more }) => {
    const environment = stepEnvironment(MACHINE, signIn);
    expect(Object.keys(environment).toSorted()).toEqual([...NETWORK, ...more].toSorted());
  });

  it('uses the sign-in of the command line, although a step has its own home', () => {
    expect(stepEnvironment({}, 'environment')['AZURE_CONFIG_DIR']).toMatch(/\.azure$/);
    expect(stepEnvironment(MACHINE, 'environment')['AZURE_CONFIG_DIR']).toBe('/elsewhere');
  });
});
