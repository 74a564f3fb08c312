/** Emulates signing in to registries, and pushing built images. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linesOf, required, type StandIn } from './stand-in.ts';

/** The file in which docker and `az acr login` store credentials. */
const configOf = (env: Readonly<Record<string, string>>): string => join(env['HOME'] ?? '', '.docker', 'config.json');

interface DockerConfig {
  readonly auths: Readonly<Record<string, unknown>>;
}

const signedIn = (path: string): DockerConfig['auths'] =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DockerConfig).auths : {};

/** docker/login-action: records the registry that the job can push to. */
export const dockerLogin: StandIn = {
  inputs: ['registry', 'username', 'password', 'logout'],
  play: (step) => {
    required(step, 'username');
    required(step, 'password');
    const path = configOf(step.env);
    mkdirSync(dirname(path), { recursive: true });
    const auths = { ...signedIn(path), [step.inputs['registry'] ?? 'docker.io']: {} };
    writeFileSync(path, JSON.stringify({ auths } satisfies DockerConfig));
    step.log('Login Succeeded!');
    return Promise.resolve(undefined);
  },
};

const registryOf = (tag: string): string => tag.split('/')[0] ?? '';

/** docker/build-push-action: builds nothing. The test pushes an image with the tags. */
export const buildPush: StandIn = {
  inputs: [
    'context',
    'file',
    'push',
    'tags',
    'platforms',
    'labels',
    'annotations',
    'build-args',
    'target',
    'provenance',
    'sbom',
    'cache-from',
    'cache-to',
    'pull',
  ],
  play: async (step) => {
    const { inputs, env, run, log } = step;
    if (inputs['push'] !== 'true') return undefined;
    const tags = linesOf(required(step, 'tags').replaceAll(',', '\n'));
    const registries = Object.keys(signedIn(configOf(env)));
    const refused = tags.find((tag) => !registries.includes(registryOf(tag)));
    if (refused !== undefined) {
      throw new Error(`buildx failed with: ERROR: failed to push ${refused}: unauthorized: authentication required`);
    }
    if (run.options.push === undefined)
      throw new Error('docker/build-push-action is played with `push` of the run only');
    const digest = await run.options.push(tags);
    log(`pushed ${tags.join(', ')}`);
    return { digest, imageid: digest, metadata: JSON.stringify({ 'containerimage.digest': digest }) };
  },
};
