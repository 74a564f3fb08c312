import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { openConnection } from '../../src/azure/connection.ts';
import { connectProvisioning } from '../../src/azure/provisioning/client.ts';
import type { ProvisioningClient } from '../../src/provisioning/ports.ts';
import { parsePipelineId } from '../../src/transfer/model/pipeline-id.ts';
import { systemClock } from '../../src/transfer/ports/clock.ts';
import { spawnSandbox, type SandboxHandle } from './client.ts';
import type { CloudDescription } from './description.ts';

/** The source cloud of a sandbox without pipelines, and what setup does there. */
export interface SetupScene {
  readonly sandbox: SandboxHandle;
  readonly cloud: CloudDescription;
  /** Signed in with a secret, for an export pipeline that isn't there yet. */
  readonly client: ProvisioningClient;
  /** Resource ID of that pipeline. */
  readonly pipeline: string;
  /** Everything that was masked since the scene was opened. */
  readonly masked: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a sandbox that this process trusts. */
export async function openSetupScene(): Promise<SetupScene> {
  const sandbox = await spawnSandbox({ empty: true });
  const saved = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...saved, readFileSync(sandbox.description.caFile, 'utf8')]);
  const cloud = sandbox.description.source;
  const { arm, tenantId, registry } = cloud;
  const { clientId, clientSecret } = cloud.client;
  const pipeline = `${registry.id}/exportPipelines/nightly`;
  const parsed = parsePipelineId(pipeline, 'export');
  if (!parsed.ok) throw new Error(parsed.problem);
  const masked: string[] = [];
  const connection = openConnection(
    'source',
    { cloud: arm, identity: { kind: 'secret', tenantId, clientId, clientSecret }, allowedHosts: [], sas: null },
    {
      idToken: () => Promise.resolve(null),
      mask: (secret) => masked.push(secret),
      clock: systemClock,
      log: () => undefined,
    },
  );
  const client = await connectProvisioning(connection, parsed.value);
  return {
    sandbox,
    cloud,
    client,
    pipeline,
    masked,
    close: async () => {
      tls.setDefaultCACertificates(saved);
      await sandbox.stop();
    },
  };
}
