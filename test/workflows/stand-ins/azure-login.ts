/** Emulates signing in to Azure. */
import { readFileSync } from 'node:fs';
import { send, type Answer, type RequestOptions } from '../../sandbox/request.ts';
import { required, type StandIn, type StandInStep } from './stand-in.ts';

const AUDIENCE = 'api://AzureADTokenExchange';

interface Metadata {
  readonly authentication: { readonly loginEndpoint: string; readonly audiences: readonly string[] };
}

interface TokenAnswer {
  readonly error_description?: string;
}

const bodyOf = ({ body }: Answer): unknown => JSON.parse(body);

/** Exchanges an id-token of the job at the directory of a cloud, as `az login --federated-token` does. */
async function exchange(step: StandInStep, arm: string): Promise<void> {
  const { env, inputs } = step;
  const ca = readFileSync(env['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  const ask = async (url: string, options: Omit<RequestOptions, 'ca'> = {}) =>
    bodyOf(await send(url, { ca, ...options }));
  const audience = new URLSearchParams({ audience: inputs['audience'] ?? AUDIENCE });
  const { value } = (await ask(`${env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''}&${audience.toString()}`, {
    headers: { authorization: `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}` },
  })) as { readonly value: string };
  const { authentication } = (await ask(`${arm}/metadata/endpoints?api-version=2022-09-01`)) as Metadata;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: required(step, 'client-id'),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: value,
    scope: `${authentication.audiences[0] ?? ''}/.default`,
  });
  const url = `${authentication.loginEndpoint}/${required(step, 'tenant-id')}/oauth2/v2.0/token`;
  const { error_description: error } = (await ask(url, { method: 'POST', body: form.toString() })) as TokenAnswer;
  if (error !== undefined) throw new Error(`Login failed with Error: ${error}`);
}

/**
 * azure/login by OIDC. Signs in to the replacement of the named cloud. Without a replacement, it only checks that the job could sign in, and
 * the test sets what `az` would know.
 */
export const azureLogin: StandIn = {
  inputs: ['client-id', 'tenant-id', 'subscription-id', 'environment', 'allow-no-subscriptions', 'audience'],
  play: async (step) => {
    required(step, 'client-id');
    required(step, 'tenant-id');
    if (step.inputs['allow-no-subscriptions'] !== 'true') required(step, 'subscription-id');
    if (step.permissions['id-token'] !== 'write') {
      throw new Error(
        'Login failed with Error: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable. Please make sure to give write permissions to id-token in the workflow.',
      );
    }
    const arm = step.run.options.clouds?.[step.inputs['environment'] ?? 'azurecloud'];
    if (arm !== undefined) await exchange(step, arm);
    step.log('Azure CLI login succeeds by using OIDC.');
    return undefined;
  },
};
