/** Signs in to real clouds, for the suite itself. */
import * as z from 'zod';
import { resolveCloud } from '../../src/azure/cloud/cloud.ts';
import { connectSide } from '../../src/azure/connect.ts';
import { sideCredential } from '../../src/azure/identity/credential.ts';
import type { Side } from '../../src/transfer/model/side.ts';
import { systemClock } from '../../src/transfer/ports/clock.ts';
import type { SideServices } from '../../src/transfer/ports/side-services.ts';
import { connect, exchangedTokens, pushClient, type PushClient } from '../sandbox/content/index.ts';
import type { LiveSide } from './settings.ts';

/** GitHub's id-token of the job for an audience. It is never printed, so it needs no mask. */
async function idToken(audience: string): Promise<string | null> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
  if (!url || !token) return null;
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const answer = await fetch(asked, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`GitHub gave no id-token: HTTP ${answer.status}`);
  return z.object({ value: z.string() }).parse(await answer.json()).value;
}

/** A signed-in side. */
export interface SignedIn {
  readonly services: SideServices;
  /** A client of its registry, which can push and delete with the permissions of its roles. */
  readonly content: () => PushClient;
  readonly containerUri: string;
}

/**
 * Signs in to a side with the inputs of its steps.
 * @throws if the pipeline doesn't exist, and the errors of the services
 */
export async function signIn(side: Side, { pipeline, request }: LiveSide): Promise<SignedIn> {
  // This process prints nothing that it reads.
  const options = { idToken, mask: () => undefined, clock: systemClock, log: () => undefined };
  const services = connectSide(side, request, options);
  const cloud = await resolveCloud(request.cloud);
  const credential = sideCredential(request.identity, { side, cloud, ...options });
  const [facts, registry] = await Promise.all([services.pipeline(pipeline), services.registryFacts(pipeline)]);
  if (facts === null || registry === null) throw new Error(`there is no ${pipeline.resourceId}`);
  const entraToken = async (): Promise<string> =>
    (await credential.getToken(`${cloud.registryAudiences[0] ?? ''}/.default`))?.token ?? '';
  const { loginServer } = registry;
  const connection = connect();
  const accessTokens = exchangedTokens({ loginServer, entraToken }, connection);
  return {
    services,
    containerUri: facts.containerUri,
    content: () => pushClient({ loginServer, accessTokens }),
  };
}
