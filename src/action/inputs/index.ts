/** Converts inputs to a typed request, reports all problems at once, and echoes how the inputs were understood. */
export { provisioningRequestLines, requestLines, selectionLines } from './echo.ts';
export { readProvisioningRequest } from './provisioning.ts';
export { readRequest } from './request.ts';
