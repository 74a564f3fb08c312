import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ZodError } from 'zod';
import type { CloudState } from './cloud-state.ts';
import type { RegistryService, RunningService, StorageService } from './contracts.ts';
import type { Inventory, Side, TransferRecord } from './description.ts';
import { parseFault } from './faults.ts';
import { HttpAnswer, listen, readBody, sendJson } from './http.ts';
import type { Exchange, Route } from './http.ts';
import { parseEntries } from './registry/bulk.ts';
import { parseLock } from './registry/locks.ts';
import { parseRoles } from './roles.ts';
import { parsePatch } from './settings.ts';
import type { CertificateAuthority } from './tls.ts';
import { parseSecretOrder } from './vault.ts';
import type { VaultService } from './vault.ts';

/** The server with which tests and developers change a running sandbox. */
export interface ControlService extends RunningService {
  /** Bearer key of every request. */
  readonly key: string;
}

/** The parts of a cloud that the control server changes. */
export interface ControlledCloud {
  readonly state: CloudState;
  readonly putManifests: RegistryService['putManifests'];
  readonly lock: RegistryService['lock'];
  readonly vault: Pick<VaultService, 'changeSecret' | 'deleteSecret'>;
  readonly inventory: () => Inventory;
  readonly transfers: () => readonly TransferRecord[];
  readonly traffic: StorageService['traffic'];
  readonly resetTraffic: StorageService['resetTraffic'];
}

/** The response of a part of a cloud. The body is the parsed JSON of the request. */
type Handler = (cloud: ControlledCloud, body: unknown) => unknown;

const handlers: Readonly<Record<string, Handler>> = {
  'GET settings': ({ state }) => state.settings(),
  'PATCH settings': ({ state }, body) => {
    state.patch(parsePatch(body));
    return state.settings();
  },
  'POST faults': ({ state }, body) => {
    state.faults.add(parseFault(body));
  },
  'GET faults': ({ state }) => ({ struck: state.faults.struck() }),
  'DELETE faults': ({ state }) => {
    state.faults.clear();
  },
  'GET roles': ({ state }) => state.roles.all(),
  'PUT roles': ({ state }, body) => {
    state.roles.replace(parseRoles(body));
    return state.roles.all();
  },
  'GET secrets-seen': ({ state }) => state.secrets.all(),
  'GET requests': ({ state }) => state.faults.counts(),
  'DELETE requests': ({ state, resetTraffic }) => {
    state.faults.resetCounts();
    resetTraffic();
  },
  'POST manifests': ({ putManifests }, body) => putManifests(parseEntries(body)),
  'PUT locks': ({ lock }, body) => {
    lock(parseLock(body));
  },
  'PUT secrets': ({ vault }, body) => {
    vault.changeSecret(parseSecretOrder(body));
  },
  'DELETE secrets': ({ vault }, body) => {
    vault.deleteSecret(parseSecretOrder(body).name);
  },
  'GET inventory': ({ inventory }) => inventory(),
  'GET transfers': ({ transfers }) => transfers(),
  'GET traffic': ({ traffic }) => traffic(),
};

function allowed(authorization: string | undefined, key: string): boolean {
  const [given, expected] = [Buffer.from(authorization ?? ''), Buffer.from(`Bearer ${key}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function bodyOf({ request }: Exchange): Promise<unknown> {
  const text = (await readBody(request)).toString();
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    throw new HttpAnswer(400, { error: 'The body is no JSON.' });
  }
}

function perform(handler: Handler, cloud: ControlledCloud, body: unknown): unknown {
  try {
    return handler(cloud, body);
  } catch (error) {
    throw error instanceof ZodError ? new HttpAnswer(400, { error: error.issues }) : error;
  }
}

/**
 * Starts the control server:
 * `/clouds/SIDE/{settings,faults,roles,requests,manifests,locks,secrets,secrets-seen,inventory,transfers,traffic}`. Returns 204
 * for responses without content.
 */
export async function startControl(
  authority: CertificateAuthority,
  clouds: Readonly<Record<Side, ControlledCloud>>,
): Promise<ControlService> {
  const key = randomBytes(24).toString('base64url');
  const routes = Object.entries(handlers).map(([name, handler]): Route => {
    const [method = '', part = ''] = name.split(' ');
    return {
      method,
      pattern: new RegExp(`^/clouds/(?<side>source|target)/${part}$`),
      handle: async (exchange) => {
        if (!allowed(exchange.request.headers.authorization, key)) throw new HttpAnswer(401, { error: 'wrong key' });
        const cloud = clouds[exchange.params['side'] as Side];
        const answer = perform(handler, cloud, await bodyOf(exchange));
        sendJson(exchange.response, answer === undefined ? 204 : 200, answer);
      },
    };
  });
  return { ...(await listen(await authority.issueServer('control'), routes)), key };
}
