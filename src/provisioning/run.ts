/** Runs a provisioning request. */
import { toTransferError } from '../transfer/errors/index.ts';
import { ensure } from './ensure.ts';
import type { ProvisioningContext } from './ports.ts';
import type { ProvisioningRequest } from './request.ts';
import type { ProvisioningResult } from './result.ts';
import { rotate } from './sas-renewal.ts';
import { teardown } from './teardown.ts';

function runState(request: ProvisioningRequest, context: ProvisioningContext): Promise<ProvisioningResult> {
  switch (request.state) {
    case 'present':
      return ensure(request, context);
    case 'rotate':
      return rotate(request, context);
    case 'absent':
      return teardown(request, context);
  }
}

/** Sets up, rotates or tears down. Never throws: errors are in the result. */
export async function runProvisioning(
  request: ProvisioningRequest,
  context: ProvisioningContext,
): Promise<ProvisioningResult> {
  try {
    return await runState(request, context);
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
