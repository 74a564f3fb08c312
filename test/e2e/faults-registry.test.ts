import { REGISTRY_KINDS } from './faults/kinds-data.ts';
import { tryEach } from './faults/try-each.ts';

tryEach('registry', REGISTRY_KINDS);
