/** Signing in to real clouds: as the suite itself, and as the steps that it runs. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { resolveCloud } from '../../src/azure/cloud.ts';
import { connectSide } from '../../src/azure/connect.ts';
import { sideCredential } from '../../src/azure/credential.ts';
import { systemClock } from '../../src/clock.ts';
import type { Side, SideServices } from '../../src/transfer/services.ts';
import { connect, exchangedTokens, pushClient, type PushClient } from '../sandbox/content/index.ts';
import type { LiveSettings, LiveSide } from './settings.ts';
import type { Environment, SignIn } from './variables.ts';

/** What every process of a machine may need to reach a cloud at all: proxies, and who certifies it. */
const NETWORK = /^(?:NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|NODE_USE_ENV_PROXY|(?:https?|all|no)_proxy)$/i;

/** What a step signs in with beside its inputs: nothing of the environment that is for another way. */
const SIGN_IN: Readonly<Record<SignIn, RegExp | null>> = {
  oidc: /^ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)$/,
  secret: null,
  // What DefaultAzureCredential looks at: variables, workload and managed identity, the command line's folder.
  environment: /^(?:AZURE_|IDENTITY_|MSI_|IMDS_)/,
};

/** The environment of a step: it has a home of its own, so `az login` is found by its folder. */
export function stepEnvironment(environment: Environment, signIn: SignIn): Readonly<Record<string, string>> {
  const carried = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && (NETWORK.test(name) || SIGN_IN[signIn]?.test(name) === true) ? [[name, value]] : [],
  );
  const commandLine = signIn === 'environment' ? { AZURE_CONFIG_DIR: join(homedir(), '.azure') } : {};
  return { ...commandLine, ...(Object.fromEntries(carried) as Record<string, string>) };
}

/** What must not be found in anything that a step writes. */
export const secretsIn = ({ sides }: LiveSettings, environment: Environment): readonly string[] =>
  [
    sides.source.inputs['source-client-secret'],
    sides.target.inputs['target-client-secret'],
    environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    environment['AZURE_CLIENT_SECRET'],
  ].flatMap((secret) => secret || []);

/** GitHub's id-token of the job for an audience. The action masks its own in a log that is read line by line; this one is never shown. */
async function idToken(audience: string): Promise<string | null> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
  if (!url || !token) return null;
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const answer = await fetch(asked, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`GitHub gave no id-token: HTTP ${answer.status}`);
  return z.object({ value: z.string() }).parse(await answer.json()).value;
}

/** One side, signed in. */
export interface SignedIn {
  readonly services: SideServices;
  /** A client of its registry that can push and delete, as far as its roles go. */
  readonly content: () => PushClient;
  readonly containerUri: string;
}

/**
 * Signs in to a side with what its steps are given.
 * @throws when there is no such pipeline, and what the services throw
 */
export async function signIn(side: Side, { pipeline, request }: LiveSide): Promise<SignedIn> {
  // Nothing of what this process sees is shown.
  const options = { idToken, mask: () => undefined, clock: systemClock };
  const services = connectSide(side, request, options);
  const cloud = await resolveCloud(request.cloud);
  const credential = sideCredential(request.identity, { side, cloud, ...options });
  const [facts, registry] = await Promise.all([services.pipeline(pipeline), services.registryFacts(pipeline)]);
  if (facts === null || registry === null) throw new Error(`there is no ${pipeline.resourceId}`);
  const entraToken = async (): Promise<string> =>
    (await credential.getToken(`${cloud.registryAudience}/.default`))?.token ?? '';
  const { loginServer } = registry;
  const connection = connect();
  const accessTokens = exchangedTokens({ loginServer, entraToken }, connection);
  return {
    services,
    containerUri: facts.containerUri,
    content: () => pushClient({ loginServer, accessTokens }),
  };
}
