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
export { listItems, readBody, readList } from './lists.ts';
export { pipelineRuns, runArchive } from './pipeline-runs.ts';
export {
  pipelineFacts,
  pipelineSchema,
  readPipeline,
  readPipelineBody,
  readRegistry,
  type PipelineBody,
} from './pipelines.ts';
export { resourceIdSchema } from './resources.ts';
export {
  accountFacts,
  accountOf,
  containerIdOf,
  listAccounts,
  splitContainerUri,
  type ListedAccount,
} from './storage-accounts.ts';
