/** The environment of the steps of the live suite, in addition to their inputs. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LiveSettings } from './settings.ts';
import type { Environment, SignIn } from './variables.ts';

/** Variables that every process of a machine can need to reach a cloud: proxies and certificates. */
const NETWORK = /^(?:NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|NODE_USE_ENV_PROXY|(?:https?|all|no)_proxy)$/i;

/** Variables with which a step signs in, in addition to its inputs. Those of other kinds of sign-in are absent. */
const SIGN_IN: Readonly<Record<SignIn, RegExp | null>> = {
  oidc: /^ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)$/,
  secret: null,
  // The variables that DefaultAzureCredential reads: environment, workload identity, managed identity, folder of the command line.
  environment: /^(?:AZURE_|IDENTITY_|MSI_|IMDS_)/,
};

/** The environment of a step. It has its own home directory, so the folder of `az login` is set. */
export function stepEnvironment(environment: Environment, signIn: SignIn): Readonly<Record<string, string>> {
  const given = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && (NETWORK.test(name) || SIGN_IN[signIn]?.test(name) === true) ? [[name, value]] : [],
  );
  const commandLine = signIn === 'environment' ? { AZURE_CONFIG_DIR: join(homedir(), '.azure') } : {};
  return { ...commandLine, ...(Object.fromEntries(given) as Record<string, string>) };
}

/** Secrets that no output of a step is allowed to contain. */
export const secretsIn = ({ sides }: LiveSettings, environment: Environment): readonly string[] =>
  [
    sides.source.inputs['source-client-secret'],
    sides.target.inputs['target-client-secret'],
    environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    environment['AZURE_CLIENT_SECRET'],
  ].flatMap((secret) => secret || []);
