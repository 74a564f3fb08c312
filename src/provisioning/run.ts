import { toTransferError } from '../transfer/errors/index.ts';
import { bePresent } from './ensure.ts';
import type { SetupWorld } from './ports.ts';
import type { ProvisioningRequest } from './request.ts';
import type { ProvisioningResult } from './result.ts';
import { rotate } from './sas-renewal.ts';
import { beAbsent } from './teardown.ts';

function carryOut(request: ProvisioningRequest, world: SetupWorld): Promise<ProvisioningResult> {
  switch (request.state) {
    case 'present':
      return bePresent(request, world);
    case 'rotate':
      return rotate(request, world);
    case 'absent':
      return beAbsent(request, world);
  }
}

/** Sets up, rotates or tears down. Never throws: what stands against it is in the result. */
export async function runSetup(request: ProvisioningRequest, world: SetupWorld): Promise<ProvisioningResult> {
  try {
    return await carryOut(request, world);
  } catch (error) {
    return {
      state: request.state,
      status: 'failed',
      pipelineId: request.pipeline.resourceId,
      principalId: null,
      changes: [],
      sasExpiresAt: null,
      warnings: [],
      failures: [toTransferError(error).facts],
    };
  }
}
