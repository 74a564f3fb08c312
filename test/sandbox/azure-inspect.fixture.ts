import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { connectSide } from '../../src/azure/connect.ts';
import { parsePipelineId, type PipelineId } from '../../src/transfer/model/pipeline-id.ts';
import { systemClock } from '../../src/transfer/ports/clock.ts';
import type { SideServices } from '../../src/transfer/ports/side-services.ts';
import { hostSandbox } from './hosted.ts';
import type { SandboxHandle } from './client.ts';
import type { Side } from './description.ts';

/** A sandbox that this process trusts, and its clouds as the action has them. */
export interface InspectScene {
  readonly sandbox: SandboxHandle;
  /** Unused services of a side, signed in with a secret. */
  readonly connect: (side: Side) => SideServices;
  readonly pipeline: (side: Side, access: 'managedIdentity' | 'sasToken') => PipelineId;
  /** Everything that was masked since the scene was opened. */
  readonly masked: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts it. */
export async function openInspectScene(): Promise<InspectScene> {
  const sandbox = await hostSandbox();
  const saved = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...saved, readFileSync(sandbox.description.caFile, 'utf8')]);
  const masked: string[] = [];
  return {
    sandbox,
    masked,
    connect: (side) => {
      const { arm, tenantId, client } = sandbox.description[side];
      const { clientId, clientSecret } = client;
      const identity = { kind: 'secret', tenantId, clientId, clientSecret } as const;
      const mask = (secret: string): void => {
        masked.push(secret);
      };
      return connectSide(
        side,
        { cloud: arm, identity, allowedHosts: ['127.0.0.1:1'], sas: null },
        { idToken: () => Promise.resolve(null), mask, clock: systemClock, log: () => undefined },
      );
    },
    pipeline: (side, access) => {
      const parsed = parsePipelineId(
        sandbox.description[side].pipelines[access],
        side === 'source' ? 'export' : 'import',
      );
      if (!parsed.ok) throw new Error(parsed.problem);
      return parsed.value;
    },
    close: async () => {
      tls.setDefaultCACertificates(saved);
      await sandbox.stop();
    },
  };
}
