/** Converts inputs to a typed request, reports all problems at once, and echoes the parsed inputs. */
export { provisioningRequestLines, requestLines, selectionLines } from './echo.ts';
export { readProvisioningRequest } from './provisioning.ts';
export { readRequest } from './request.ts';
