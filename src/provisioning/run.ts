import { toTransferError } from '../transfer/errors/index.ts';
import { ensure } from './ensure.ts';
import type { ProvisioningContext } from './ports.ts';
import type { ProvisioningRequest } from './request.ts';
import type { ProvisioningResult } from './result.ts';
import { rotate } from './sas-renewal.ts';
import { teardown } from './teardown.ts';

function runState(request: ProvisioningRequest, world: ProvisioningContext): Promise<ProvisioningResult> {
  switch (request.state) {
    case 'present':
      return ensure(request, world);
    case 'rotate':
      return rotate(request, world);
    case 'absent':
      return teardown(request, world);
  }
}

/** Sets up, rotates or tears down. Never throws: what stands against it is in the result. */
export async function runProvisioning(
  request: ProvisioningRequest,
  world: ProvisioningContext,
): Promise<ProvisioningResult> {
  try {
    return await runState(request, world);
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
