/** The action's clients understand what the services answer. */
import { compareService } from './compared.ts';
import { authorization } from './action/authorization.ts';
import { keyVault } from './action/key-vault.ts';
import { neighbours } from './action/neighbours.ts';
import { pipelineRunFacts } from './action/pipeline-runs.ts';
import { pipelines } from './action/pipelines.ts';
import { registries } from './action/registries.ts';
import { registryData } from './action/registry-data.ts';
import { resourceManager } from './action/resource-manager.ts';
import { storage } from './action/storage.ts';

compareService('action', 'pipelines', pipelines);
compareService('action', 'pipeline-runs', pipelineRunFacts);
compareService('action', 'registries', registries);
compareService('action', 'resource-manager', resourceManager);
compareService('action', 'authorization', authorization);
compareService('action', 'neighbours', neighbours);
compareService('action', 'registry-data', registryData);
compareService('action', 'storage', storage);
compareService('action', 'key-vault', keyVault);
