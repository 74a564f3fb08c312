import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'node:https';
import { ContainerClient } from '@azure/storage-blob';
import type { StoragePipelineOptions } from '@azure/storage-blob';
import type { CloudDescription } from './description.ts';
import { send } from './request.ts';
import type { Answer } from './request.ts';

const VERSION = '2025-06-01-preview';

/** A client of one cloud, as its application, with nothing but what the description tells. */
export interface CloudClient {
  readonly token: (scope: string) => Promise<string>;
  /** A request to ARM; the path begins with `/subscriptions`. */
  readonly arm: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** Starts a run and follows it to its end; resolves to the run's `properties`. */
  readonly run: (pipeline: string, name: string, request: Record<string, unknown>) => Promise<RunProperties>;
  readonly container: ContainerClient;
}

/** Of a run, what tests look at. */
export interface RunProperties {
  readonly provisioningState: string;
  readonly response: {
    readonly status: string;
    readonly pipelineRunErrorMessage?: string;
    readonly importedArtifacts?: readonly string[];
    readonly catalogDigest?: string;
  };
}

/** The audience of ARM is known from the metadata alone. */
async function armScope(cloud: CloudDescription, ca: string): Promise<string> {
  const { body } = await send(`${cloud.arm}/metadata/endpoints?api-version=2022-09-01`, { ca });
  const { authentication } = JSON.parse(body) as { authentication: { audiences: string[] } };
  return `${authentication.audiences[0] ?? ''}/.default`;
}

/** Opens it. */
export function cloudClient(cloud: CloudDescription): CloudClient {
  const ca = readFileSync(cloud.caFile, 'utf8');
  const token: CloudClient['token'] = async (scope) => {
    const { status, body } = await send(`${cloud.entra}/${cloud.tenantId}/oauth2/v2.0/token`, {
      ca,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: cloud.client.clientId,
        client_secret: cloud.client.clientSecret,
        scope,
      }).toString(),
    });
    if (status !== 200) throw new Error(body);
    return (JSON.parse(body) as { access_token: string }).access_token;
  };
  const arm: CloudClient['arm'] = async (method, path, body) =>
    send(`${cloud.arm}${path}?api-version=${VERSION}`, {
      ca,
      method,
      headers: { authorization: `Bearer ${await token(await armScope(cloud, ca))}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const agent: StoragePipelineOptions & { agent: Agent } = { agent: new Agent({ ca }) };
  const { containerUri, containerSas } = cloud.storage;
  return {
    token,
    arm,
    container: new ContainerClient(`${containerUri}?${containerSas}`, undefined, agent),
    run: async (pipelineResourceId, name, request) => {
      const path = `${cloud.registry.id}/pipelineRuns/${name}`;
      let answer = await arm('PUT', path, { properties: { request: { pipelineResourceId, ...request } } });
      for (;;) {
        if (answer.status >= 400) throw new Error(answer.body);
        const { properties } = JSON.parse(answer.body) as { properties: RunProperties };
        if (properties.provisioningState !== 'Creating') return properties;
        await pause(50);
        answer = await arm('GET', path);
      }
    },
  };
}
