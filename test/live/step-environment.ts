/** What the steps of the live suite find in their environment, beside their inputs. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LiveSettings } from './settings.ts';
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
  const given = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && (NETWORK.test(name) || SIGN_IN[signIn]?.test(name) === true) ? [[name, value]] : [],
  );
  const commandLine = signIn === 'environment' ? { AZURE_CONFIG_DIR: join(homedir(), '.azure') } : {};
  return { ...commandLine, ...(Object.fromEntries(given) as Record<string, string>) };
}

/** What must not be found in anything that a step writes. */
export const secretsIn = ({ sides }: LiveSettings, environment: Environment): readonly string[] =>
  [
    sides.source.inputs['source-client-secret'],
    sides.target.inputs['target-client-secret'],
    environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    environment['AZURE_CLIENT_SECRET'],
  ].flatMap((secret) => secret || []);
