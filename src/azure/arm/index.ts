/** Azure Resource Manager: client, lists, pipelines, pipeline runs, storage accounts. */
export {
  assertOk,
  connectArm,
  isAbsent,
  isDenied,
  parseResponse,
  parseBody,
  parseOr404,
  type Arm,
  type ArmResponse,
  type ArmQuery,
} from './client.ts';
export { pipelineRuns, runArchive } from './pipeline-runs.ts';
export {
  pipelineFacts,
  pipelineSchema,
  readPipeline,
  readPipelineBody,
  readRegistry,
  type PipelineBody,
} from './pipelines.ts';
export { readBody, readList, resourceIdSchema } from './resources.ts';
export {
  accountFacts,
  accountOf,
  containerIdOf,
  listAccounts,
  splitContainerUri,
  type ListedAccount,
} from './storage-accounts.ts';
