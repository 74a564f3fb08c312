/** The control plane: client, pipelines, runs, storage accounts, lists. */
export {
  assertOk,
  connectArm,
  isAbsent,
  isRefused,
  parseAnswer,
  parseBody,
  parseOr404,
  type Arm,
  type ArmAnswer,
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
