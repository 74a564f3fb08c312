/** The environment variables of the live suite, and which of them each kind of sign-in needs. */
import type { Side } from '../../src/transfer/model/side.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The kinds of sign-in. */
export const SIGN_INS = ['oidc', 'secret', 'environment'] as const;

/** `oidc`: the id-token of the job. `secret`: client secrets. `environment`: the identity of the process, such as `az login`. */
export type SignIn = (typeof SIGN_INS)[number];

const PAGE = 'docs/live-tests.md#variables';

/** The meaning of a variable, by the end of its name. */
const MEANING: Readonly<Record<string, string>> = {
  EXPORT_PIPELINE: 'ARM resource ID of the export pipeline',
  IMPORT_PIPELINE: 'ARM resource ID of the import pipeline, of another registry',
  PREFIX: 'a repository name; what is below it is the suite’s to push and to delete, on both sides',
  TENANT_ID: 'Entra tenant',
  CLIENT_ID: 'client ID of the application or identity',
  CLIENT_SECRET: 'client secret',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'GitHub sets it in jobs with id-token: write; elsewhere set LIVE_SIGN_IN',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'GitHub sets it in jobs with id-token: write; elsewhere set LIVE_SIGN_IN',
};

/** Variables of the identity, by the kind of sign-in. */
const IDENTITY: Readonly<Record<SignIn, readonly string[]>> = {
  oidc: ['tenant-id', 'client-id'],
  secret: ['tenant-id', 'client-id', 'client-secret'],
  environment: [],
};

/** Variables of the clouds. */
const PLACES = ['LIVE_EXPORT_PIPELINE', 'LIVE_IMPORT_PIPELINE', 'LIVE_PREFIX'];

const FROM_GITHUB = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];

/** Variables that would be silently ignored. */
const MEANINGLESS: Readonly<Record<SignIn, readonly string[]>> = {
  oidc: ['client-secret'],
  secret: ['audience'],
  environment: ['client-id', 'client-secret', 'audience'],
};

const named = (side: Side, ending: string): string =>
  `LIVE_${side.toUpperCase()}_${ending.toUpperCase().replaceAll('-', '_')}`;

const signInOf = (given: Environment): SignIn => SIGN_INS.find((each) => each === given['LIVE_SIGN_IN']) ?? 'oidc';

const cloudOf = (given: Environment, side: Side): string =>
  (given[named(side, 'cloud')] ?? 'azurecloud').toLowerCase().replace(/\/$/, '');

/** Most users have one tenant with two registries. The default cloud and principal of the target are those of the source. */
function isLikeSource(given: Environment): boolean {
  const own = ['tenant-id', 'client-id', 'client-secret', 'audience'].some((ending) => given[named('target', ending)]);
  const cloud = given[named('target', 'cloud')];
  return !own && (cloud === undefined || cloudOf(given, 'target') === cloudOf(given, 'source'));
}

/**
 * The variable that applies to a side.
 * @param ending of the input: `tenant-id`
 */
export function variable(given: Environment, side: Side, ending: string): string {
  if (side === 'source' || isLikeSource(given)) return named('source', ending);
  // Two identities in one cloud don't need to name it twice.
  const isCloudOfSource = ending === 'cloud' && given[named('target', 'cloud')] === undefined;
  return named(isCloudOfSource ? 'source' : 'target', ending);
}

/** Ends of the names of a side's inputs for its cloud and identity. */
export const ENDINGS = ['cloud', 'tenant-id', 'client-id', 'client-secret', 'audience'] as const;

const OF_SIDES = (['source', 'target'] as const).flatMap((side) => ENDINGS.map((ending) => named(side, ending)));

/** Whether any variable names a cloud. The kind of sign-in and the folder for logs don't. */
export const isTold = (given: Environment): boolean =>
  [...PLACES, ...OF_SIDES].some((name) => given[name] !== undefined);

/** One line for each variable with an unknown name and the prefix of the suite. */
export const unknownIn = (given: Environment): readonly string[] =>
  Object.keys(given)
    .filter((name) => /^LIVE_(?:SOURCE|TARGET)_/.test(name) && !OF_SIDES.includes(name))
    .map((name) => `${name} is no variable of the live suite (${PAGE})`);

/** The environment without empty variables. */
export const givenIn = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const text = value?.trim() ?? '';
      return text === '' ? [] : [[name, text]];
    }),
  );

const required = (given: Environment): readonly string[] => {
  const signIn = signInOf(given);
  const identity = (['source', 'target'] as const).flatMap((side) =>
    IDENTITY[signIn].map((ending) => variable(given, side, ending)),
  );
  const fromGitHub = signIn === 'oidc' ? FROM_GITHUB : [];
  return [...new Set([...PLACES, ...identity, ...fromGitHub])];
};

const meaningOf = (name: string): string =>
  MEANING[name] ?? MEANING[name.replace(/^LIVE_(?:SOURCE_|TARGET_)?/, '')] ?? '';

/** One line for each missing variable. */
export const missingIn = (given: Environment): readonly string[] =>
  required(given)
    .filter((name) => given[name] === undefined)
    .map((name) => `${name} is missing: ${meaningOf(name)} (${PAGE})`);

/** Variables that contradict the kind of sign-in. */
export function identityProblems(given: Environment): readonly string[] {
  const signIn = signInOf(given);
  const meaningless = (['source', 'target'] as const)
    .flatMap((side) => MEANINGLESS[signIn].map((ending) => named(side, ending)))
    .filter((name) => given[name] !== undefined)
    .map((name) => `${name} has no meaning with LIVE_SIGN_IN=${signIn} (${PAGE})`);
  const apart = signIn === 'environment' && cloudOf(given, 'source') !== cloudOf(given, 'target');
  return apart && given[named('target', 'cloud')] !== undefined
    ? [...meaningless, `LIVE_SIGN_IN=environment serves one cloud, and LIVE_TARGET_CLOUD is another (${PAGE})`]
    : meaningless;
}
