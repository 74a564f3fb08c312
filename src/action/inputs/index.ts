/** Converts inputs to a typed request, reports all problems at once, and echoes how the inputs were understood. */
export { requestLines, selectionLines, setupLines } from './echo.ts';
export { readSetupRequest } from './provisioning.ts';
export { readRequest } from './request.ts';
