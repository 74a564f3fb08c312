import { readFileSync } from 'node:fs';
import type { Side } from '../../sandbox/description.ts';
import { send } from '../../sandbox/request.ts';
import type { Scene } from '../scene.ts';

const ARM_VERSION = '2025-06-01-preview';

/** Sends requests to ARM as the application of a side. */
export async function askArm(scene: Scene, side: Side, method: string, id: string, body?: unknown): Promise<unknown> {
  const { arm, entra, tenantId, client, caFile } = scene.clouds[side];
  const ca = readFileSync(caFile, 'utf8');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: `${arm}/.default`,
  });
  const signedIn = await send(`${entra}/${tenantId}/oauth2/v2.0/token`, {
    ca,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const { access_token: token } = JSON.parse(signedIn.body) as { access_token?: string };
  const answer = await send(`${arm}${id}?api-version=${ARM_VERSION}`, {
    ca,
    method,
    headers: { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.status >= 300) throw new Error(`${method} ${id}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
}
