/** Runs a provisioning request. */
import { withDeadline } from '../transfer/resilience/deadline.ts';
import { provisioningError } from './apply.ts';
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

/** Time to build the result after a cancellation, so that it lists the applied changes. Seconds. */
const RESULT_GRACE_SECONDS = 0.5;

/** Sets up, rotates or tears down. Never throws: errors are in the result. */
export async function runProvisioning(
  request: ProvisioningRequest,
  context: ProvisioningContext,
): Promise<ProvisioningResult> {
  try {
    return await withDeadline(context.signal, () => runState(request, context), RESULT_GRACE_SECONDS);
  } catch (error) {
    return {
      state: request.state,
      status: 'failed',
      pipelineId: request.pipeline.resourceId,
      principalId: null,
      changes: [],
      sasExpiresAt: null,
      warnings: [],
      failures: [provisioningError(error, context.signal).facts],
    };
  }
}
